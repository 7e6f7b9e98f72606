package org.evergrant.broker;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names of apps in a message or a line of the log. */
final class Names {
    private static final int MOST = 20;

    private Names() {}

    /** Returns them all, or the first few and how many there are besides. */
    static String some(Collection<String> names) {
        String first = names.stream().limit(MOST).collect(Collectors.joining(", "));
        int more = names.size() - MOST;
        return more <= 0 ? first : first + " and " + more + " more";
    }
}
