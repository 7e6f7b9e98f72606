package org.evergrant.valkey;

import java.io.IOException;
import java.time.Duration;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.RedisProcess;
import org.evergrant.testkit.Await;

/**
 * A primary and its replica behind one address, with a network between them that can be severed. So
 * what a failover loses is not left to chance.
 */
final class Pair implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final RedisProcess primary;
    private final RedisProcess replica;
    private final BreakableNetwork link;
    private final BreakableNetwork front;

    private Pair(
            RedisProcess primary,
            RedisProcess replica,
            BreakableNetwork link,
            BreakableNetwork front) {
        this.primary = primary;
        this.replica = replica;
        this.link = link;
        this.front = front;
    }

    static Pair start() throws IOException {
        RedisProcess primary = RedisProcess.start("--repl-diskless-sync", "no");
        RedisProcess replica = RedisProcess.start();
        BreakableNetwork link = BreakableNetwork.to(primary.port());
        BreakableNetwork front = BreakableNetwork.to(primary.port());
        replica.say("REPLICAOF", "127.0.0.1", link.port());
        Pair pair = new Pair(primary, replica, link, front);
        pair.awaitReplica();
        return pair;
    }

    String url(String options) {
        return "redis://127.0.0.1:" + front.port() + "?" + options;
    }

    /** From now on the replica hears nothing of what is written. */
    void sever() {
        link.deafen();
    }

    void join() {
        link.hear();
        awaitReplica();
    }

    /**
     * Waits until the replica has everything that was written. {@code WAIT} would not do: it waits
     * for what its own connection wrote.
     */
    void awaitReplica() {
        long written = offset(primary, "master_repl_offset:");
        Await.until(
                "the replica has everything",
                SOON,
                () ->
                        primary.say("INFO", "replication").contains("state=online")
                                && offset(replica, "slave_repl_offset:") >= written);
    }

    /** Returns how many bytes of the primary's writes a server knows of; -1 for none. */
    private static long offset(RedisProcess server, String field) {
        return server.say("INFO", "replication")
                .lines()
                .filter(line -> line.startsWith(field))
                .map(line -> Long.parseLong(line.substring(field.length()).strip()))
                .findFirst()
                .orElse(-1L);
    }

    /** The primary dies, and the replica takes its place and its address. */
    void failOver() throws InterruptedException {
        primary.kill();
        replica.say("REPLICAOF", "NO", "ONE");
        front.moveTo(replica.port());
    }

    @Override
    public void close() throws IOException {
        front.close();
        link.close();
        replica.close();
        primary.close();
    }
}
