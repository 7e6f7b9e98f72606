package org.evergrant;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.evergrant.spi.DurationText;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/** Tells "the request never left" from "nobody knows what became of it". */
final class MintFailure {
    private static final int DEEPEST_CAUSE = 10;

    private MintFailure() {}

    /** Returns what a mint came to that ended with {@code failure} instead of a response. */
    static Answer of(App app, RequestBody body, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? doubtful(app, "no response") : told(app, body, cause);
    }

    /** Returns what a mint came to that its deadline ended. */
    static Answer late(App app, RequestBody body) {
        if (body.withdraw()) {
            return unreachable("no connection to " + host(app) + " in time");
        }
        return new Doubtful(
                "no answer from "
                        + host(app)
                        + " within "
                        + DurationText.format(app.mintDeadline()),
                Optional.empty());
    }

    /** Returns what a mint came to for which not even a request could be made. */
    static Answer unsent(App app, RuntimeException why) {
        // The exception's own words may quote the request, and so the credentials.
        return why instanceof UncheckedIOException
                ? unreachable("no HTTP client can be made: " + said(why))
                : new NotMinted(
                        Trouble.Kind.MISCONFIGURED,
                        "no request can be made to " + host(app) + ": is token-url right?",
                        Optional.empty());
    }

    /** Returns what a mint came to that the end of the minter ended. */
    static Answer closed(RequestBody body) {
        return body.withdraw()
                ? unreachable("the minter was closed before it was connected")
                : new Doubtful("the node ended before the answer came", Optional.empty());
    }

    static Answer unreachable(String detail) {
        return new NotMinted(Trouble.Kind.UNREACHABLE, detail, Optional.empty());
    }

    private static Answer told(App app, RequestBody body, Throwable failure) {
        String host = host(app);
        if (failure instanceof HttpConnectTimeoutException) {
            return unreachable("no connection to " + host + " in time");
        }
        if (failure instanceof HttpTimeoutException || failure instanceof TimeoutException) {
            return late(app, body);
        }
        if (causedBy(failure, UnresolvedAddressException.class)
                || causedBy(failure, UnknownHostException.class)) {
            return unreachable("the host of " + host + " is not known");
        }
        if (causedBy(failure, ConnectException.class)
                || causedBy(failure, NoRouteToHostException.class)) {
            return unreachable("no connection to " + host + ": " + said(failure));
        }
        if (isHandshake(failure)) {
            return unreachable("no TLS with " + host + ": " + said(failure));
        }
        return body.withdraw()
                ? unreachable("no connection to " + host + ": " + brokenOff(failure))
                : doubtful(app, brokenOff(failure));
    }

    private static boolean isHandshake(Throwable failure) {
        return causedBy(failure, SSLHandshakeException.class)
                || causedBy(failure, SSLPeerUnverifiedException.class)
                // What the JDK says when the peer does not speak TLS at all; there is no type for
                // it, and the HTTP client sometimes wraps it.
                || caused(
                        failure,
                        cause ->
                                cause instanceof SSLException
                                        && said(cause).contains("plaintext connection"));
    }

    /**
     * Says how an answer broke off. The JDK's own words are quoted only where they are about the
     * connection: a message about an answer that is no HTTP quotes it, and so maybe the token.
     */
    private static String brokenOff(Throwable failure) {
        if (failure instanceof LimitedBody.TooLarge
                || causedBy(failure, SocketException.class)
                || failure instanceof SSLException) {
            return said(failure);
        }
        String words = failure.getMessage() == null ? "" : failure.getMessage();
        if (causedBy(failure, EOFException.class) || words.contains("bytes received")) {
            return "the connection was closed too early";
        }
        return "it is no HTTP that can be read (" + failure.getClass().getSimpleName() + ")";
    }

    private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
        return caused(failure, type::isInstance);
    }

    private static boolean caused(Throwable failure, Predicate<Throwable> by) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (by.test(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : Quote.cut(message);
    }

    private static Doubtful doubtful(App app, String why) {
        return new Doubtful("no whole answer from " + host(app) + ": " + why, Optional.empty());
    }

    private static String host(App app) {
        return app.tokenUrl().getAuthority();
    }
}
