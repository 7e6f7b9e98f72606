package org.evergrant.emulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the provider knows about one app.
 *
 * @param clientId the app
 * @param retention its retention now
 * @param active whether it is activated
 * @param lifetime of the tokens minted now
 * @param mints token requests answered with a token, the rival's and the unanswered ones of {@link
 *     Fault#LOSE_RESPONSE} among them
 * @param rivalMints those of them that were the rival's
 * @param distinctTokens tokens minted: fewer than {@code mints} under a sticky retention
 * @param refusedMints token requests of this app that were refused, 429 included
 * @param apiOk API calls let through
 * @param api401 API calls answered 401
 * @param api429 API calls answered 429
 * @param api401By the 401s by reason: {@code expired}, {@code displaced}, {@code revoked} …
 * @param liveTotal how many tokens live
 * @param live the live tokens, oldest first, at most the newest thousand
 */
public record AppState(
        String clientId,
        Retention retention,
        boolean active,
        Duration lifetime,
        long mints,
        long rivalMints,
        long distinctTokens,
        long refusedMints,
        long apiOk,
        long api401,
        long api429,
        Map<String, Long> api401By,
        int liveTotal,
        List<LiveToken> live) {}
