package org.evergrant;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/** Says in words why an app has no token, what to do about it, and when to ask again. */
final class Refusal {
    private Refusal() {}

    static EvergrantException of(App app, @Nullable Trouble trouble, Instant now, Instant retryAt) {
        String who = "app " + app.id() + ": ";
        if (trouble != null && trouble.kind() == Trouble.Kind.MISCONFIGURED) {
            return new MisconfiguredException(
                    who
                            + "the provider at "
                            + app.tokenUrl().getAuthority()
                            + " refuses it: "
                            + trouble.detail()
                            + " (check account-id, client-id, client-secret and grant, and that the"
                            + " app is activated; tried again "
                            + when(now, trouble.retryAt())
                            + ")");
        }
        Duration after = Duration.between(now, retryAt);
        return new TryLaterException(
                who + why(app, trouble, now) + "; try again " + when(now, retryAt), retryAt, after);
    }

    /** Says that a mint would kill a token whose promise runs until {@code safeAt}. */
    static TryLaterException promised(App app, Instant now, Instant safeAt) {
        return new TryLaterException(
                "app "
                        + app.id()
                        + ": a mint would break a running promise; it is safe "
                        + when(now, safeAt),
                safeAt,
                Duration.between(now, safeAt));
    }

    private static String why(App app, @Nullable Trouble trouble, Instant now) {
        if (trouble == null || !trouble.retryAt().isAfter(now)) {
            return app.mintBudget().isPresent()
                    ? "no token yet; its mint budget is " + app.mintBudget().get()
                    : "no token yet";
        }
        String detail = trouble.detail();
        return switch (trouble.kind()) {
            case UNREACHABLE -> "the provider cannot be reached: " + detail;
            case RATE_LIMITED -> "the provider asks for fewer mints: " + detail;
            case DOUBT -> "a mint got no readable answer: " + detail;
            case RIVAL, RETENTION, INDEX, MISCONFIGURED -> detail;
        };
    }

    private static String when(Instant now, Instant at) {
        Duration wait = Duration.between(now, at);
        return wait.isNegative() || wait.isZero()
                ? "now"
                : "at "
                        + at.truncatedTo(ChronoUnit.SECONDS)
                        + " (in "
                        + DurationText.format(shown(wait))
                        + ")";
    }

    private static Duration shown(Duration wait) {
        return wait.compareTo(Duration.ofSeconds(1)) < 0
                ? wait.truncatedTo(ChronoUnit.MILLIS)
                : wait.truncatedTo(ChronoUnit.SECONDS);
    }
}
