package org.evergrant.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.evergrant.jdbc.RecordTable.Change;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of changes on one connection of its own, whatever the number of apps.
 *
 * <ol>
 *   <li>It listens to the one channel on which every node tells what it wrote.
 *   <li>Now and then it looks as well: a node may have died before it told. Transactions do not
 *       commit in the order of their numbers, so each look begins at the lowest number that was
 *       still under way at the look before.
 *   <li>Where a pooler stands in between nothing can be heard, and it only looks, but often.
 *   <li>When the connection is lost, or the server behind it is another one or was started anew, it
 *       begins again, and everybody who watches anything is called once.
 * </ol>
 */
final class PostgresListener implements Poller.Looking {
    /** The net below what is heard. */
    private static final long NET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After a look it rests so many times as long as that took, however much there is to find. */
    private static final int SHARE = 20;

    private static final long OFTEN_MS = 25;
    private static final long SELDOM_MS = 250;
    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More at one look than this, and everybody is called. */
    private static final int MOST_CHANGES = 100_000;

    private final PostgresOpening opening;
    private final Changes changes;
    private final Poller.Pace pace = new Poller.Pace(OFTEN_MS, SELDOM_MS);
    private volatile @Nullable Connection connection;
    private volatile boolean hurried;
    private boolean deaf;
    private @Nullable PreparedStatement poll;
    private @Nullable String horizon;
    private String server = "";
    private long pollAt;
    private long restNanos;
    private long retryNanos = FIRST_RETRY_NANOS;

    PostgresListener(PostgresOpening opening, Changes changes) {
        this.opening = opening;
        this.changes = changes;
    }

    @Override
    public long look() {
        try {
            Connection open = connection;
            if (open == null) {
                open = begin();
                poll(open);
            } else if (!deaf) {
                listen(open);
            }
            retryNanos = FIRST_RETRY_NANOS;
            if (!deaf) {
                if (System.nanoTime() - pollAt >= 0) {
                    poll(open);
                }
                return 0;
            }
            boolean changed = poll(open);
            return Math.max(pace.after(changed), restNanos);
        } catch (SQLException lost) {
            // Whoever reads or writes hears of it, on a connection that is none of these.
            opening.explain(lost);
            end();
            long pause = retryNanos;
            retryNanos = Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
            return hurried ? 0 : pause;
        }
    }

    /** Cuts the connection, on which the look may be waiting. */
    @Override
    public void hurry() {
        hurried = true;
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException gone) {
                // Then nobody waits on it.
                return;
            }
        }
    }

    @Override
    public void end() {
        Connection open = connection;
        connection = null;
        poll = null;
        horizon = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException gone) {
                return;
            }
        }
    }

    private Connection begin() throws SQLException {
        PostgresOpening.Way way = opening.connect();
        connection = way.connection();
        deaf = way.pooled();
        if (hurried) {
            hurry();
        }
        if (!deaf) {
            try (Statement listen = way.connection().createStatement()) {
                listen.execute("LISTEN \"" + opening.channel() + '"');
            }
        }
        return way.connection();
    }

    private void listen(Connection open) throws SQLException {
        long left = TimeUnit.NANOSECONDS.toMillis(pollAt - System.nanoTime());
        PGNotification[] heard =
                open.unwrap(PGConnection.class).getNotifications((int) Math.max(1, left));
        for (PGNotification one : heard) {
            opening.notices().hear(one.getParameter(), changes);
        }
    }

    /** Looks for what changed since the look before; says whether anybody had to be called. */
    private boolean poll(Connection open) throws SQLException {
        long begin = System.nanoTime();
        String before = horizon;
        String serverBefore = server;
        List<Change> found = rows(open, before);
        boolean unknown =
                before == null || !server.equals(serverBefore) || found.size() > MOST_CHANGES;
        boolean called = changes.found(unknown ? null : found);
        restNanos = (System.nanoTime() - begin) * SHARE;
        pollAt = System.nanoTime() + Math.max(NET_NANOS, restNanos);
        return called;
    }

    private List<Change> rows(Connection open, @Nullable String since) throws SQLException {
        if (poll == null) {
            // Numbers from the future come from a backup of another server.
            poll =
                    open.prepareStatement(
                            """
                            SELECT pg_snapshot_xmin(s.now)::text, pg_postmaster_start_time()::text,
                                r.app, r.version
                            FROM (SELECT pg_current_snapshot() AS now) s
                            LEFT JOIN "%s".record r
                            ON r.revision >= ?::xid8 AND r.revision < pg_snapshot_xmax(s.now)
                            LIMIT %d
                            """
                                    .formatted(opening.schema(), MOST_CHANGES + 1));
        }
        poll.setString(1, since);
        List<Change> found = new ArrayList<>();
        try (ResultSet rows = poll.executeQuery()) {
            while (rows.next()) {
                horizon = rows.getString(1);
                server = rows.getString(2);
                String app = rows.getString(3);
                if (app != null) {
                    found.add(Change.of(app, rows.getLong(4)));
                }
            }
        }
        return found;
    }
}
