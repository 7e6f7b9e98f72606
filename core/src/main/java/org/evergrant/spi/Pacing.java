package org.evergrant.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.evergrant.MintBudget;
import org.evergrant.Token;

/** When the next mint may be sent: after trouble, after rejections, within the budget. */
final class Pacing {
    private static final Duration FIRST_RETRY = Duration.ofMillis(250);

    /**
     * Short enough that a provider that returns is noticed soon, long enough not to be a burden.
     */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

    /** A refused configuration is tried again this often, because a person may have mended it. */
    private static final Duration CONFIGURATION_RETRY = Duration.ofMinutes(1);

    /** A provider that asks for more is asked again after this all the same. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private static final Duration LONGEST_SPACING = Duration.ofSeconds(60);
    private static final int MOST_DOUBLINGS = 6;

    private Pacing() {}

    /**
     * Returns the earliest instant from {@code now} on at which trouble and budget allow a mint.
     */
    static Instant earliest(AppRecord record, Policy policy, Instant now) {
        Trouble trouble = record.trouble();
        Instant at = trouble == null ? now : Rotation.later(now, trouble.retryAt());
        return Rotation.later(at, withinBudget(record, policy, now));
    }

    /** Returns the trouble after a mint that brought no token. */
    static Trouble after(
            AppRecord record,
            Policy policy,
            Trouble.Kind kind,
            String detail,
            Optional<Duration> retryAfter,
            Instant now) {
        int attempts = attempts(record);
        Duration wait =
                switch (kind) {
                    case INDEX -> Duration.ZERO;
                    case MISCONFIGURED -> CONFIGURATION_RETRY;
                    default -> retryAfter.map(Pacing::bounded).orElse(backoff(policy, attempts));
                };
        Trouble trouble = new Trouble(kind, now, now.plus(wait), attempts, detail);
        return notBefore(doubtUntil(record), trouble);
    }

    /** Returns until when a mint of which nobody heard may still arrive, or an instant long ago. */
    static Instant doubtUntil(AppRecord record) {
        return doubt(record).map(Trouble::retryAt).orElse(Instant.MIN);
    }

    /** Returns the doubt of the record, or a new one, with a retry at {@code earliest} or later. */
    static Trouble doubt(AppRecord record, String detail, Instant now, Instant earliest) {
        Trouble fresh = new Trouble(Trouble.Kind.DOUBT, now, earliest, attempts(record), detail);
        return notBefore(earliest, doubt(record).orElse(fresh));
    }

    private static Optional<Trouble> doubt(AppRecord record) {
        return Optional.ofNullable(record.trouble())
                .filter(trouble -> trouble.kind() == Trouble.Kind.DOUBT);
    }

    /** Returns the trouble with a retry at {@code earliest} or later. */
    static Trouble notBefore(Instant earliest, Trouble trouble) {
        Instant retryAt = Rotation.later(trouble.retryAt(), earliest);
        return new Trouble(
                trouble.kind(), trouble.at(), retryAt, trouble.attempts(), trouble.detail());
    }

    /** Returns which mint in a row without a token the next trouble will be. */
    static int attempts(AppRecord record) {
        Trouble trouble = record.trouble();
        if (trouble == null) {
            return 1;
        }
        boolean goesOn =
                switch (trouble.kind()) {
                    case UNREACHABLE, RATE_LIMITED, MISCONFIGURED, DOUBT -> true;
                    case RIVAL, RETENTION, INDEX -> false;
                };
        return goesOn ? trouble.attempts() + 1 : 1;
    }

    /**
     * Counts the rejection. Tokens rejected while young, one after the other, space the mints that
     * answer them 0, 1, 2, 4 … 60 s apart; young means younger than twice the spacing it would
     * cause.
     */
    static AppRecord afterRejection(AppRecord record, Token token, Instant now) {
        Duration age = Duration.between(token.mintedAt(), now);
        Duration young = spacing(record.streak()).multipliedBy(2);
        int streak = age.compareTo(young) < 0 ? record.streak() + 1 : 1;
        AppRecord counted = record.withStreak(streak);
        if (streak == 1) {
            // That the provider returned this token is no reason to wait for the next one any more.
            return Rotation.isReturned(record) ? counted.withTrouble(null) : counted;
        }
        Instant retryAt = token.mintedAt().plus(spacing(streak - 1));
        String detail =
                streak
                        + " tokens in a row were rejected while young: somebody else mints with"
                        + " these credentials, or the 401 is not about the token";
        return counted.withTrouble(new Trouble(Trouble.Kind.RIVAL, now, retryAt, streak, detail));
    }

    /** Returns how far apart forced mints are after {@code streak} of them: 0, 1, 2, 4 … 60 s. */
    static Duration spacing(int streak) {
        if (streak <= 0) {
            return Duration.ZERO;
        }
        long seconds = 1L << Math.min(streak - 1, MOST_DOUBLINGS);
        return Duration.ofSeconds(Math.min(seconds, LONGEST_SPACING.toSeconds()));
    }

    /** Returns the entries of {@code spent} that still count at {@code now}, oldest first. */
    static List<Instant> inWindow(AppRecord record, Policy policy, Instant now) {
        return policy.budget()
                .map(MintBudget::window)
                .map(window ->
                        record.spent().stream()
                                .filter(at -> at.plus(window).isAfter(now))
                                .sorted()
                                .toList())
                .orElse(List.of());
    }

    private static Instant withinBudget(AppRecord record, Policy policy, Instant now) {
        if (policy.budget().isEmpty()) {
            return now;
        }
        MintBudget budget = policy.budget().get();
        List<Instant> spent = inWindow(record, policy, now);
        int allowed =
                Rotation.isForced(record, now) ? budget.mints() - budget.reserve() : budget.mints();
        return spent.size() < allowed
                ? now
                : spent.get(spent.size() - allowed).plus(budget.window());
    }

    private static Duration backoff(Policy policy, int attempts) {
        long doubled = FIRST_RETRY.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
        double jitter = 0.8 + 0.4 * policy.spread(attempts);
        return Duration.ofMillis((long) (Math.min(doubled, LONGEST_RETRY.toMillis()) * jitter));
    }

    private static Duration bounded(Duration asked) {
        return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
    }
}
