package org.evergrant.emulator;

import java.time.Instant;

/**
 * A live token, without its text.
 *
 * @param number 1 for the app's first token
 * @param index the {@code token_index} it was minted at; 0 where the retention has no indexes
 * @param mintedAt when
 * @param expiresAt its natural end
 * @param endsAt its end as things stand: earlier than {@code expiresAt} if it was displaced and is
 *     in its grace
 */
public record LiveToken(
        long number, int index, Instant mintedAt, Instant expiresAt, Instant endsAt) {}
