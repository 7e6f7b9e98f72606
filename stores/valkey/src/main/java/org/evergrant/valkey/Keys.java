package org.evergrant.valkey;

import org.evergrant.AppId;

/** The names of what a store keeps. An app's keys lie in one hash slot. */
record Keys(String prefix) {
    /** The key of an app's record. */
    String record(AppId app) {
        return prefix + ":{" + app.value() + "}";
    }

    /** The key that says what the records are and how they are sealed. */
    String format() {
        return prefix + ":format";
    }

    /** The channel on which all changes are said. */
    String changes() {
        return prefix + ":changes";
    }
}
