package org.evergrant.emulator;

import java.time.Duration;

/** What became of a mint that was admitted. */
sealed interface MintOutcome {
    /**
     * A token.
     *
     * @param left how long it has to live
     */
    record Minted(AppSettings app, String text, Duration left) implements MintOutcome {
        /** Without the token. */
        @Override
        public String toString() {
            return "Minted[" + app.clientId() + "]";
        }
    }

    /** The app was changed between the request and the mint. */
    record Refused(Refusal why) implements MintOutcome {}

    /** The app's mint quota is used up for that long. */
    record OverQuota(Duration opensIn) implements MintOutcome {}

    /** The emulator can hold no more live tokens. */
    record Full() implements MintOutcome {}
}
