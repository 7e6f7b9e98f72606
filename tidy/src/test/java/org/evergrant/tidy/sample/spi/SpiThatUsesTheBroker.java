package org.evergrant.tidy.sample.spi;

import org.evergrant.tidy.sample.broker.Broker;
import org.jspecify.annotations.Nullable;

/** Breaks: the core uses nothing of ours. */
public final class SpiThatUsesTheBroker {
    public @Nullable Broker uses;
}
