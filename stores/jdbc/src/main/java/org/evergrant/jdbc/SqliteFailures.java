package org.evergrant.jdbc;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite or of the file system means for the one who asked. */
final class SqliteFailures {
    /** SQLite's extended codes carry the primary one in the last byte. */
    private static final int PRIMARY = 0xFF;

    private SqliteFailures() {}

    static EvergrantException of(Path file, SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return unnamed(file, failure);
        }
        SQLiteErrorCode exact = sqlite.getResultCode();
        return switch (primary(exact)) {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
                    away(file, "is locked by another process, for too long", exact, failure);
            case SQLITE_FULL -> away(file, "has no room left on its disk", exact, failure);
            case SQLITE_READONLY, SQLITE_PERM -> away(file, "cannot be written", exact, failure);
            case SQLITE_CANTOPEN -> away(file, "cannot be opened", exact, failure);
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT ->
                    new MisconfiguredException(
                            "the store "
                                    + file
                                    + " is damaged or no SQLite database ("
                                    + exact.name()
                                    + "; expected: a file that Evergrant made; put a copy back, or"
                                    + " move the file away to begin anew)",
                            failure);
            default -> away(file, "failed", exact, failure);
        };
    }

    static EvergrantException of(Path file, IOException failure) {
        String message =
                "the store "
                        + file
                        + " cannot be made: "
                        + failure.getClass().getSimpleName()
                        + " (expected: a folder that this user can write)";
        return failure instanceof AccessDeniedException || failure instanceof NotDirectoryException
                ? new MisconfiguredException(message, failure)
                : new StoreException(message, failure);
    }

    /**
     * Only the driver throws without a code: a closed connection, or a library that will not load.
     */
    private static EvergrantException unnamed(Path file, SQLException failure) {
        if (failure.getCause() instanceof Exception library) {
            return new MisconfiguredException(
                    "SQLite's own library could not be loaded: "
                            + library.getMessage()
                            + " (expected: a folder in java.io.tmpdir, or org.sqlite.lib.path, from"
                            + " which programs may run)",
                    failure);
        }
        return new StoreException(
                "the store " + file + " failed: " + failure.getMessage(), failure);
    }

    private static SQLiteErrorCode primary(SQLiteErrorCode exact) {
        return exact.code < 0 ? exact : SQLiteErrorCode.getErrorCode(exact.code & PRIMARY);
    }

    private static StoreException away(
            Path file, String what, SQLiteErrorCode code, SQLException failure) {
        return new StoreException(
                "the store " + file + " " + what + " (" + code.name() + ")", failure);
    }
}
