package org.evergrant.simulation.model;

import java.time.Instant;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Ask;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Rotation;
import org.evergrant.spi.Step;

/**
 * The functions that the nodes of the model call: those of {@link Rotation}, the very code that
 * runs in production. A test that plants a bug overrides one of them.
 */
interface Protocol {
    /** The functions of {@link Rotation}, all of them. */
    Protocol PRODUCTION = new Protocol() {};

    default Step next(AppRecord record, Policy policy, Instant now, Ask ask) {
        return Rotation.next(record, policy, now, ask);
    }

    default Claim claim(AppRecord record, Policy policy, String node, int index, Instant now) {
        return Rotation.claim(record, policy, node, index, now);
    }

    default AppRecord claimed(AppRecord record, Policy policy, Claim claim) {
        return Rotation.claimed(record, policy, claim);
    }

    default AppRecord released(AppRecord record, Claim claim) {
        return Rotation.released(record, claim);
    }

    /** Returns the record after {@code answer}, whichever it is. */
    default AppRecord answered(
            AppRecord record, Policy policy, Claim claim, Minter.Answer answer, Instant now) {
        return switch (answer) {
            case Minter.Minted minted ->
                    Rotation.published(record, policy, claim, minted, now);
            case Minter.NotMinted refused -> Rotation.failed(record, policy, claim, refused, now);
            case Minter.Doubtful doubt -> Rotation.doubted(record, policy, claim, doubt, now);
        };
    }

    default AppRecord rejected(AppRecord record, Policy policy, long generation, Instant now) {
        return Rotation.rejected(record, policy, generation, now);
    }
}
