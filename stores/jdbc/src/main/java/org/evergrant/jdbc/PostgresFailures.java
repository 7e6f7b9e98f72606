package org.evergrant.jdbc;

import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of PostgreSQL or of the way to it means for the one who asked. */
final class PostgresFailures {
    private static final int LONGEST = 200;

    private PostgresFailures() {}

    static EvergrantException of(String store, SQLException failure) {
        String state = state(failure);
        if (isAboutTls(failure)) {
            return person(
                    store,
                    "shows a certificate that is not trusted",
                    "one for that host's name, signed by a known authority or by that of"
                            + " sslrootcert=FILE",
                    failure);
        }
        return switch (state) {
            case "28P01", "28000" ->
                    person(store, "refuses the user", "the right user and password", failure);
            case "08004" ->
                    person(
                            store,
                            "does not talk like this",
                            "TLS, unless the URL has sslmode=disable; a password, where it wants"
                                    + " one",
                            failure);
            case "3D000" -> person(store, "does not exist", "a database that is there", failure);
            case "42501" ->
                    person(
                            store,
                            "does not let this role do it",
                            "SELECT, INSERT and UPDATE on the tables; evergrant store schema prints"
                                    + " the script",
                            failure);
            case "42P01", "3F000" ->
                    person(store, "has lost its tables", "that nobody drops them", failure);
            case "25006" -> away(store, "cannot be written: it is read-only", failure);
            case "53100" -> away(store, "has no room left on its disk", failure);
            case "53300" -> away(store, "has no connection to spare", failure);
            case "55P03", "57014" -> away(store, "keeps us waiting for too long", failure);
            case "57P01", "57P02", "57P03" -> away(store, "is being stopped or started", failure);
            default ->
                    isConnection(failure)
                            ? away(store, "cannot be reached", failure)
                            : away(store, "failed", failure);
        };
    }

    /**
     * A certificate was looked at, and refused: its chain, or its name by a class of the driver.
     */
    private static boolean isAboutTls(SQLException failure) {
        return cause(failure, GeneralSecurityException.class) != null
                || (state(failure).startsWith("08") && said(failure).contains("HostnameVerifier"));
    }

    /** Returns whether other connections are as likely to be gone as this one. */
    static boolean isConnection(SQLException failure) {
        String state = state(failure);
        // 25006: what was the primary is one no more.
        return state.startsWith("08") || state.startsWith("57P0") || state.equals("25006");
    }

    static boolean hasNoTables(SQLException failure) {
        return state(failure).equals("42P01") || state(failure).equals("3F000");
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }

    private static MisconfiguredException person(
            String store, String what, String expected, SQLException failure) {
        return new MisconfiguredException(
                "the store "
                        + store
                        + " "
                        + what
                        + ": "
                        + said(failure)
                        + " (expected: "
                        + expected
                        + ")",
                failure);
    }

    private static StoreException away(String store, String what, SQLException failure) {
        return new StoreException(
                "the store " + store + " " + what + ": " + said(failure), failure);
    }

    /** Without the detail, which may quote a row. */
    private static String said(SQLException failure) {
        ServerErrorMessage server =
                failure instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String text = server == null ? failure.getMessage() : server.getMessage();
        Throwable host = cause(failure, UnknownHostException.class);
        if (host != null) {
            text = "no such host: " + host.getMessage();
        }
        String line = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
        String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
        String state = state(failure);
        return state.isEmpty() ? cut : cut + " (" + state + ")";
    }

    private static @Nullable Throwable cause(Throwable failure, Class<? extends Throwable> type) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return at;
            }
            at = at.getCause();
        }
        return null;
    }
}
