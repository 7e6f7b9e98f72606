package org.evergrant.valkey;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;

/** What a failure of a server or of the way to it means for the one who asked. */
final class Failures {
    private static final int LONGEST = 200;

    /** More than any chain of causes that Netty makes. */
    private static final int DEEPEST = 16;

    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /**
     * What servers say, by the word they begin with; within a script of Redis 6.2 it stands further
     * behind. In none of these cases was anything written.
     */
    private static final Map<String, String> SAID =
            Map.ofEntries(
                    Map.entry("OOM", "is full"),
                    Map.entry("READONLY", "cannot be written: it is a replica"),
                    Map.entry("NOREPLICAS", "cannot be written: too few replicas are connected"),
                    Map.entry("MISCONF", "cannot be written: it cannot save to its disk"),
                    Map.entry("NOPERM", "does not let this user do what is needed"),
                    Map.entry("NOAUTH", "wants a password"),
                    Map.entry("WRONGPASS", "refuses user or password"),
                    Map.entry("LOADING", "is starting"),
                    Map.entry("BUSY", "is kept busy by a script"),
                    Map.entry("MASTERDOWN", "has lost its primary"),
                    Map.entry("CLUSTERDOWN", "is a cluster that is down"),
                    Map.entry("TRYAGAIN", "is moving the record to another server"));

    private final ValkeyUrl url;

    Failures(ValkeyUrl url) {
        this.url = url;
    }

    /** Returns what to throw; the text of the server without the password. */
    EvergrantException of(Throwable failure) {
        Throwable root = unwrapped(failure);
        if (root instanceof EvergrantException ours) {
            return ours;
        }
        String said = saidByServer(root);
        if (said != null) {
            return ofServer(said);
        }
        if (root instanceof TimeoutException) {
            return new StoreException("the store " + url + " did not answer in time");
        }
        // Not the cause itself: what a server said in a handshake is somewhere in it.
        return new StoreException(
                "the store " + url + " cannot be reached: " + cleaned(innermost(root)));
    }

    /** Returns what to throw when the first connection of all fails. */
    EvergrantException ofFirst(Throwable failure) {
        Throwable root = unwrapped(failure);
        String said = saidByServer(root);
        String word = said == null ? "" : word(said);
        boolean forAPerson =
                word.equals("NOAUTH") || word.equals("WRONGPASS") || word.equals("NOPERM");
        String untrusted = untrusted(root);
        if (untrusted != null && untrusted.contains("certificate_required")) {
            return new MisconfiguredException(
                    "the store "
                            + url
                            + " wants a certificate (expected: the options cert and key)");
        }
        if (untrusted != null) {
            return new MisconfiguredException(
                    "the store "
                            + url
                            + " has a certificate that is not trusted: "
                            + cleaned(untrusted)
                            + " (expected: one for its name, from an authority that Java or the"
                            + " option ca trusts)");
        }
        return forAPerson
                ? new MisconfiguredException(String.valueOf(of(failure).getMessage()))
                : of(failure);
    }

    /** Returns whether another server may be the primary by now. */
    static boolean isDemoted(Throwable failure) {
        String said = saidByServer(unwrapped(failure));
        String word = said == null ? "" : word(said);
        return word.equals("READONLY") || word.equals("MASTERDOWN") || word.equals("NOREPLICAS");
    }

    /** Returns whether the server answered, if only to refuse. */
    static boolean isAnswer(Throwable failure) {
        Throwable root = unwrapped(failure);
        return root instanceof EvergrantException || saidByServer(root) != null;
    }

    private EvergrantException ofServer(String said) {
        String word = word(said);
        if (word.equals("WRONGTYPE")) {
            return new MisconfiguredException(
                    "the store "
                            + url
                            + " has a key of another program where ours should be (expected: a"
                            + " prefix that nobody else uses)");
        }
        String meaning = SAID.getOrDefault(word, "failed");
        return new StoreException("the store " + url + " " + meaning + ": " + cleaned(said));
    }

    private static String word(String said) {
        for (String word : said.split("[^A-Z]+", -1)) {
            if (SAID.containsKey(word) || word.equals("WRONGTYPE")) {
                return word;
            }
        }
        // Within a script Redis 6.2 says the first, and later ones the second.
        boolean isForbidden =
                said.contains("can't run this command") || said.contains("ACL failure");
        return isForbidden ? "NOPERM" : "";
    }

    private static @Nullable String saidByServer(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof RedisCommandExecutionException) {
                return String.valueOf(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static @Nullable String untrusted(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof java.security.cert.CertificateException
                    || cause instanceof javax.net.ssl.SSLHandshakeException) {
                return innermost(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < DEEPEST; depth++) {
            boolean wrapper =
                    cause instanceof CompletionException || cause instanceof ExecutionException;
            if (!wrapper || cause.getCause() == null) {
                return cause;
            }
            cause = cause.getCause();
        }
        return cause;
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < DEEPEST; depth++) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** An old server or a proxy quotes the command that it does not know, password and all. */
    private String cleaned(String text) {
        String clean = text;
        for (String secret :
                new String[] {url.password().reveal(), url.sentinelPassword().reveal()}) {
            clean = secret.isEmpty() ? clean : clean.replace(secret, "***");
        }
        clean = UNFIT.matcher(clean).replaceAll("?");
        return "'" + (clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean) + "'";
    }
}
