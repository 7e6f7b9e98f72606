package org.evergrant.broker;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.TryLaterException;
import org.evergrant.broker.proxy.Refusal;

/** What the core's exceptions are on the wire. */
final class Failures {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");
    private static final Duration UNTIL_A_PERSON_ACTS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(1);

    private Failures() {}

    /** Returns the exception itself, out of what a future puts around it. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    static Metrics.Outcome outcome(Throwable failure) {
        return switch (failure) {
            case TryLaterException later -> Metrics.Outcome.TRY_LATER;
            case MisconfiguredException wrong -> Metrics.Outcome.MISCONFIGURED;
            case StoreException away -> Metrics.Outcome.STORE_AWAY;
            default -> Metrics.Outcome.FAILED;
        };
    }

    static OauthError error(Throwable failure) {
        return switch (failure) {
            case TryLaterException later ->
                    unavailable(String.valueOf(later.getMessage()), later.retryAfter());
            case StoreException away ->
                    unavailable("the broker's store is away; its log says more", SOON);
            case MisconfiguredException wrong ->
                    OauthError.unavailable(
                            OauthError.Kind.SERVER_ERROR,
                            String.valueOf(wrong.getMessage()),
                            UNTIL_A_PERSON_ACTS);
            case CancellationException gone -> unavailable("the caller went away", SOON);
            case IllegalStateException closed -> unavailable("the broker is stopping", SOON);
            case OauthError known -> known;
            case Refusal refusal -> refused(refusal);
            default -> {
                LOG.log(System.Logger.Level.ERROR, "a request failed", failure);
                yield OauthError.unavailable(
                        OauthError.Kind.SERVER_ERROR, "a fault of the broker; see its log", SOON);
            }
        };
    }

    private static OauthError refused(Refusal refusal) {
        String description = refusal.description();
        return switch (refusal.kind()) {
            case BAD_REQUEST -> OauthError.invalidRequest(description);
            case DENIED -> OauthError.of(OauthError.Kind.ACCESS_DENIED, description);
            case METHOD -> OauthError.of(OauthError.Kind.METHOD_NOT_ALLOWED, description);
            case NOT_FOUND -> OauthError.notFound(description);
            case BUSY ->
                    unavailable(
                            description, Objects.requireNonNullElse(refusal.retryAfter(), SOON));
            case NO_ANSWER -> OauthError.of(OauthError.Kind.BAD_GATEWAY, description);
            case TOO_LATE -> OauthError.of(OauthError.Kind.GATEWAY_TIMEOUT, description);
        };
    }

    private static OauthError unavailable(String description, Duration retryAfter) {
        return OauthError.unavailable(
                OauthError.Kind.TEMPORARILY_UNAVAILABLE, description, retryAfter);
    }
}
