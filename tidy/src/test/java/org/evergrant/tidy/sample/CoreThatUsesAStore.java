package org.evergrant.tidy.sample;

import org.evergrant.tidy.sample.jdbc.Store;
import org.jspecify.annotations.Nullable;

/** Breaks: the core uses nothing of ours. */
public final class CoreThatUsesAStore {
    public @Nullable Store uses;
}
