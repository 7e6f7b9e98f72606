package org.evergrant.trials;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.Token;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * Every version that an app's record ever had. A trigger in the database keeps them, so that no
 * write is missed and none is seen that did not happen.
 */
final class History {
    /** How a claim ended. */
    enum End {
        /** In a token, a generation more. */
        PUBLISHED,
        /** The provider refused, or could not be reached. */
        FAILED,
        /** Its node was there to the end and could not tell whether it minted. */
        DOUBTED,
        /** Its node gave it back before it sent the mint. */
        RELEASED,
        /** Nobody ended it before its time was over. */
        RAN_OUT
    }

    /**
     * A claim and what came of it.
     *
     * @param before the record that it was written over
     * @param token what was published for it, if anything
     */
    record Claimed(Claim claim, AppRecord before, End end, @Nullable Token token) {
        /** Returns whether a mint of this claim can have reached the provider at {@code at}. */
        boolean covers(Instant at) {
            return !at.isBefore(claim.at()) && at.isBefore(claim.until());
        }
    }

    private final Path database;

    /** Begins to keep the history of a database that Evergrant has made. */
    static History begin(Path database) throws SQLException {
        History history = new History(database);
        try (Connection connection = history.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    """
                    CREATE TABLE trial_history
                      (at INTEGER PRIMARY KEY, app TEXT, version INTEGER, bytes BLOB);
                    CREATE TRIGGER trial_first AFTER INSERT ON record BEGIN
                      INSERT INTO trial_history (app, version, bytes)
                      VALUES (new.app, new.version, new.bytes);
                    END;
                    CREATE TRIGGER trial_next AFTER UPDATE ON record BEGIN
                      INSERT INTO trial_history (app, version, bytes)
                      VALUES (new.app, new.version, new.bytes);
                    END;
                    """);
        }
        return history;
    }

    private History(Path database) {
        this.database = database;
    }

    /** Returns every version of the record, from the empty one on. */
    List<AppRecord> versions(AppId recordId) throws SQLException {
        RecordCodec codec =
                RecordCodec.sealedBy(
                        SealingKey.fromFile(
                                database.resolveSibling(database.getFileName() + ".key")));
        List<AppRecord> versions = new ArrayList<>();
        versions.add(AppRecord.EMPTY);
        try (Connection connection = connect();
                PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT version, bytes FROM trial_history WHERE app = ? ORDER"
                                        + " BY at")) {
            select.setString(1, recordId.value());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(1) != versions.size()) {
                        throw new AssertionError(
                                "version " + rows.getLong(1) + " follows " + (versions.size() - 1));
                    }
                    versions.add(codec.decode(recordId, rows.getBytes(2)));
                }
            }
        }
        return versions;
    }

    /** Returns every claim in the order they were written; the last one may be open. */
    static List<Claimed> claims(List<AppRecord> versions) {
        List<Claimed> claims = new ArrayList<>();
        AppRecord claimedOver = AppRecord.EMPTY;
        for (int i = 1; i < versions.size(); i++) {
            AppRecord before = versions.get(i - 1);
            AppRecord after = versions.get(i);
            Claim old = before.claim();
            Claim now = after.claim();
            boolean begins = now != null && (old == null || !now.isSame(old));
            if (old != null && (begins || now == null)) {
                claims.add(ended(old, claimedOver, before, after));
            }
            if (begins) {
                claimedOver = before;
            }
        }
        AppRecord last = versions.get(versions.size() - 1);
        if (last.claim() != null) {
            claims.add(new Claimed(last.claim(), claimedOver, End.RAN_OUT, null));
        }
        return claims;
    }

    /** Returns the id of the process that wrote the claim. */
    static long pid(Claim claim) {
        return Long.parseLong(claim.node().substring(0, claim.node().indexOf('-')));
    }

    private static Claimed ended(
            Claim claim, AppRecord claimedOver, AppRecord before, AppRecord after) {
        if (after.claim() != null) {
            return new Claimed(claim, claimedOver, End.RAN_OUT, null);
        }
        if (after.generation() > before.generation()) {
            Token token = after.newest().orElseThrow();
            return new Claimed(claim, claimedOver, End.PUBLISHED, token);
        }
        Trouble trouble = after.trouble();
        if (trouble == null || trouble.equals(before.trouble())) {
            return new Claimed(claim, claimedOver, End.RELEASED, null);
        }
        End end = trouble.kind() == Trouble.Kind.DOUBT ? End.DOUBTED : End.FAILED;
        return new Claimed(claim, claimedOver, end, null);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }
}
