package org.evergrant.tidy.sample.emulator;

import org.evergrant.tidy.sample.Core;
import org.jspecify.annotations.Nullable;

/** Breaks: the emulator sees nothing of ours. */
public final class EmulatorThatUsesTheCore {
    public @Nullable Core uses;
}
