package org.evergrant.trials;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.PostgresServer;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;

/** A PostgreSQL with a synchronous standby that takes its place. */
final class PostgresPair implements SharedStore {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ALONE = "synchronous_standby_names = ''";
    private static final String TOGETHER = "synchronous_standby_names = '*'";

    private final Path folder;
    private PostgresServer primary;
    private PostgresServer standby;
    private boolean whole;
    private int standbys;

    private PostgresPair(Path folder, PostgresServer primary, PostgresServer standby) {
        this.folder = folder;
        this.primary = primary;
        this.standby = standby;
    }

    static PostgresPair start(Path folder) throws IOException {
        PostgresServer primary =
                PostgresServer.start(
                        folder.resolve("first"),
                        UUID.randomUUID().toString(),
                        "max_connections = 250",
                        "wal_retrieve_retry_interval = 200ms");
        PostgresPair pair =
                new PostgresPair(folder, primary, primary.standby(folder.resolve("second")));
        pair.replicateBeforeAcknowledging();
        return pair;
    }

    @Override
    public StoreDoors doors() throws IOException {
        List<BreakableNetwork> doors =
                new ArrayList<>(
                        List.of(
                                BreakableNetwork.to(primary.port()),
                                BreakableNetwork.to(standby.port())));
        return new StoreDoors(
                "postgresql://"
                        + PostgresServer.USER
                        + ":"
                        + primary.password()
                        + "@127.0.0.1:"
                        + doors.get(0).port()
                        + ",127.0.0.1:"
                        + doors.get(1).port()
                        + "/postgres",
                doors);
    }

    @Override
    public Scribe scribe(Store made) throws SQLException {
        return SqlScribe.ofPostgres(this::jdbc);
    }

    @Override
    public void restart() throws IOException {
        primary.kill();
        primary.start();
        awaitReplica();
    }

    @Override
    public void failOver() throws IOException {
        primary.kill();
        standby.promote();
        PostgresServer lost = primary;
        primary = standby;
        standby = lost;
        whole = false;
    }

    /** The new primary is stopped on the way, so that its folder can be copied. */
    @Override
    public void mend() throws IOException {
        if (whole) {
            return;
        }
        int port = standby.port();
        standby.close();
        standbys++;
        standby = primary.standby(folder.resolve("standby-" + standbys), port);
        replicateBeforeAcknowledging();
    }

    /** A commit is acknowledged once the standby has it too. A standby that takes over is alone. */
    private void replicateBeforeAcknowledging() throws IOException {
        standby.set(ALONE);
        primary.set(TOGETHER);
        primary.reload();
        awaitReplica();
        whole = true;
    }

    private void awaitReplica() {
        Await.until("the standby has everything", SOON, this::hasReplica);
    }

    private boolean hasReplica() {
        try (Connection connection = DriverManager.getConnection(jdbc());
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")) {
            return rows.next();
        } catch (SQLException notYet) {
            return false;
        }
    }

    private String jdbc() {
        return "jdbc:postgresql://127.0.0.1:"
                + primary.port()
                + "/postgres?user="
                + PostgresServer.USER
                + "&password="
                + primary.password();
    }

    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
    }
}
