package org.evergrant.servers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.evergrant.testkit.Await;

/**
 * A primary with a replica, and three sentinels that change their roles: when they are asked to, by
 * {@link #awaitFailover}. A machine that stands still for a second would look to hasty sentinels
 * like a primary that is down, and a demoted primary has no replica's role for some ten seconds.
 */
public final class RedisSentinels implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NAME = "main";
    private static final int QUORUM = 2;

    /** How long a server may say nothing before a sentinel counts it as down. */
    private static final Duration PATIENT = Duration.ofMinutes(10);

    private static final Duration HASTY = Duration.ofSeconds(1);

    private final List<RedisProcess> servers;
    private final List<RedisProcess> sentinels = new ArrayList<>();

    private RedisSentinels(List<RedisProcess> servers) {
        this.servers = servers;
    }

    /** Starts all of them, and returns once they know each other. */
    public static RedisSentinels start() throws IOException {
        RedisProcess primary = RedisProcess.start();
        RedisProcess replica = RedisProcess.start();
        // Told, not configured: whoever is the primary when it is killed comes back as one.
        follow(replica, primary);
        RedisSentinels all = new RedisSentinels(List.of(primary, replica));
        Await.until("the replica follows", SOON, primary::hasReplica);
        for (int i = 0; i < 3; i++) {
            all.sentinels.add(RedisProcess.sentinel(NAME, primary, QUORUM, PATIENT));
        }
        all.awaitSentinels();
        return all;
    }

    /** Returns how a store reaches the primary. */
    public String url(String options) {
        return url(sentinels.stream().map(RedisProcess::port).toList(), options);
    }

    /** Returns the same by way of other ports. */
    public static String url(List<Integer> sentinels, String options) {
        String hosts =
                sentinels.stream()
                        .map(sentinel -> "127.0.0.1:" + sentinel)
                        .collect(Collectors.joining(","));
        return "redis-sentinel://" + hosts + "?" + options + "#" + NAME;
    }

    /** Returns the server and its replica, in no order. */
    public List<RedisProcess> servers() {
        return servers;
    }

    /** Returns those who watch the servers. */
    public List<RedisProcess> sentinels() {
        return List.copyOf(sentinels);
    }

    /** Returns the primary as a sentinel sees it. */
    public RedisProcess primary() {
        String answer = sentinels.get(0).say("SENTINEL", "get-master-addr-by-name", NAME);
        return servers.stream()
                .filter(server -> answer.equals("[127.0.0.1, " + server.port() + "]"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such server: " + answer));
    }

    /** Lets another server take over from {@code old}, which does not answer, and waits for it. */
    public void awaitFailover(RedisProcess old) {
        waitBeforeDown(HASTY);
        try {
            Await.until("another is the primary", SOON, () -> !primary().equals(old));
        } finally {
            waitBeforeDown(PATIENT);
        }
    }

    private void waitBeforeDown(Duration patience) {
        for (RedisProcess sentinel : sentinels) {
            sentinel.say("SENTINEL", "SET", NAME, "down-after-milliseconds", patience.toMillis());
        }
    }

    /** Waits until {@code old}, which is up again, follows the one that took over. */
    public void rejoin(RedisProcess old) {
        Await.until("a replica follows the primary", SOON, () -> follows(old));
        awaitWhole();
    }

    /**
     * Returns whether {@code old}, or whoever took over from it meanwhile, has its replica. The
     * sentinels make a replica of a primary that is back, but later.
     */
    private boolean follows(RedisProcess old) {
        RedisProcess primary = primary();
        if (!primary.equals(old) && old.say("ROLE").startsWith("[master")) {
            follow(old, primary);
        }
        return primary.hasReplica();
    }

    private static void follow(RedisProcess replica, RedisProcess primary) {
        replica.say("REPLICAOF", "127.0.0.1", primary.port());
    }

    /** Waits until a replica follows the primary, and the sentinels know it. */
    public void awaitWhole() {
        Await.until("a replica follows the primary", SOON, () -> primary().hasReplica());
        awaitSentinels();
    }

    private void awaitSentinels() {
        for (RedisProcess sentinel : sentinels) {
            Await.until(
                    "all know each other",
                    SOON,
                    () -> {
                        String seen = sentinel.say("SENTINEL", "master", NAME);
                        return seen.contains("port, " + primary().port() + ",")
                                && seen.contains("num-other-sentinels, 2")
                                && seen.contains("num-slaves, 1")
                                && seen.contains("flags, master,");
                    });
        }
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        servers.forEach(RedisProcess::close);
    }
}
