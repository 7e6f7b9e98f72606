package org.evergrant.tidy.sample.jdbc;

import org.evergrant.tidy.sample.valkey.OtherStore;
import org.jspecify.annotations.Nullable;

/** Breaks: stores never see each other. */
public final class StoreThatUsesAnother {
    public @Nullable OtherStore uses;
}
