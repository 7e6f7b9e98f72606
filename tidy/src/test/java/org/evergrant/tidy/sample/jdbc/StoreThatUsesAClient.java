package org.evergrant.tidy.sample.jdbc;

import org.evergrant.tidy.sample.okhttp.Client;
import org.jspecify.annotations.Nullable;

/** Breaks: stores never see clients. */
public final class StoreThatUsesAClient {
    public @Nullable Client uses;
}
