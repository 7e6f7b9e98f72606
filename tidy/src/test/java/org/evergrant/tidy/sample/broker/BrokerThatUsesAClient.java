package org.evergrant.tidy.sample.broker;

import org.evergrant.tidy.sample.okhttp.Client;
import org.jspecify.annotations.Nullable;

/** Breaks: the broker sees no client adapter. */
public final class BrokerThatUsesAClient {
    public @Nullable Client uses;
}
