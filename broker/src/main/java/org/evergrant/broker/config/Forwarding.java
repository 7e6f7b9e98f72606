package org.evergrant.broker.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the calls to one app's API are forwarded.
 *
 * @param apiDomains below which an {@code api_url} of the provider's is taken in place of the
 *     configured one; none where the configured one counts
 * @param allow what may be forwarded, whoever calls; empty for everything
 * @param replayLimit up to how many bytes a body is kept, so that the call can be made again
 * @param answerWithin how long the API may take to begin its answer
 * @param queue how many calls may wait for a token or their turn
 * @param pace how fast calls go out; null for as fast as they come
 * @param legacyJwt what old callers may sign their own tokens with; null where nothing
 * @param hideQuery the names of query parameters whose values no log shows; null hides all
 */
public record Forwarding(
        Set<String> apiDomains,
        List<Allow> allow,
        int replayLimit,
        Duration answerWithin,
        int queue,
        @Nullable Pace pace,
        @Nullable LegacyJwt legacyJwt,
        @Nullable Set<String> hideQuery) {

    static final int REPLAY_LIMIT = 64 * 1024;
    static final int MOST_REPLAY = 1024 * 1024;
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
    static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);
    static final int QUEUE = 1000;
    static final int LONGEST_QUEUE = 100_000;

    /** What an app has of which the configuration says nothing. */
    public static final Forwarding USUAL =
            new Forwarding(
                    Set.of(), List.of(), REPLAY_LIMIT, ANSWER_WITHIN, QUEUE, null, null, null);

    /** What the preset for Zoom has: its answer's {@code api_url} counts. */
    static final Forwarding ZOOM =
            new Forwarding(
                    ProxySections.ZOOM_DOMAINS,
                    List.of(),
                    REPLAY_LIMIT,
                    ANSWER_WITHIN,
                    QUEUE,
                    null,
                    null,
                    null);

    /** Copies the collections. */
    public Forwarding {
        apiDomains = Set.copyOf(apiDomains);
        allow = List.copyOf(allow);
        hideQuery = hideQuery == null ? null : Set.copyOf(hideQuery);
    }

    /** Returns whether the call may be forwarded at all; see {@link Allow#covers}. */
    public boolean allows(String method, String path) {
        return covers(allow, method, path);
    }

    static boolean covers(List<Allow> rules, String method, String path) {
        return rules.isEmpty() || rules.stream().anyMatch(rule -> rule.covers(method, path));
    }
}
