package org.evergrant.valkey;

import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.evergrant.servers.RedisProcess;
import org.evergrant.testkit.Await;

/**
 * A cluster of three primaries with a replica each, which takes over when it is asked to, by {@link
 * #awaitFailover}: not because the machine stood still for a second.
 */
final class Cluster implements Replicated {
    static final Cluster NONE = new Cluster(List.of());

    private static final Duration SOON = Duration.ofSeconds(30);

    /** How long a node may say nothing before the others count it as down. */
    private static final Duration PATIENT = Duration.ofMinutes(10);

    private static final Duration HASTY = Duration.ofSeconds(1);

    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisProcess> nodes;

    private Cluster(List<RedisProcess> nodes) {
        this.nodes = nodes;
    }

    static Cluster start() throws IOException {
        List<RedisProcess> nodes = new ArrayList<>();
        for (int i = 0; i < 2 * PRIMARIES; i++) {
            nodes.add(
                    RedisProcess.start(
                            "--cluster-enabled", "yes",
                            "--cluster-node-timeout", Long.toString(PATIENT.toMillis()),
                            "--cluster-require-full-coverage", "no"));
        }
        Cluster cluster = new Cluster(nodes);
        cluster.assign();
        cluster.meet();
        cluster.replicate();
        cluster.awaitWhole();
        return cluster;
    }

    @Override
    public String url(String options) {
        String hosts =
                nodes.stream()
                        .limit(PRIMARIES)
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(","));
        return "redis-cluster://" + hosts + "?" + options;
    }

    /** Returns the primary that holds {@code key}, as some node that is up sees it. */
    @Override
    public RedisProcess primaryOf(String key) {
        int slot = SlotHash.getSlot(key);
        for (RedisProcess node : nodes) {
            String port = node.isUp() ? holder(node, slot) : "";
            for (RedisProcess holder : nodes) {
                if (port.equals(Integer.toString(holder.port())) && holder.isUp()) {
                    return holder;
                }
            }
        }
        throw new AssertionError("nobody holds slot " + slot);
    }

    /** Returns another primary than the one that holds {@code key}. */
    RedisProcess anotherThan(RedisProcess primary) {
        return nodes.stream()
                .filter(node -> !node.equals(primary))
                .filter(node -> node.say("ROLE").startsWith("[master"))
                .findFirst()
                .orElseThrow();
    }

    List<RedisProcess> nodes() {
        return nodes;
    }

    @Override
    public void awaitFailover(RedisProcess old) {
        RedisProcess witness =
                nodes.stream()
                        .filter(node -> node.isUp() && !node.equals(old))
                        .findFirst()
                        .orElseThrow();
        waitBeforeDown(HASTY, old);
        try {
            Await.until("a replica has taken over", SOON, () -> holdsNothing(old, witness));
        } finally {
            waitBeforeDown(PATIENT, old);
        }
    }

    private static boolean holdsNothing(RedisProcess old, RedisProcess witness) {
        return witness.say("CLUSTER", "NODES")
                .lines()
                .anyMatch(line ->
                        line.contains(":" + old.port() + "@")
                                && !line.matches(".* [0-9]+-[0-9]+.*"));
    }

    /** Tells every node but {@code old}, which does not answer. */
    private void waitBeforeDown(Duration patience, RedisProcess old) {
        nodes.stream()
                .filter(node -> !node.equals(old))
                .forEach(node ->
                        node.say("CONFIG", "SET", "cluster-node-timeout", patience.toMillis()));
    }

    @Override
    public void rejoin(RedisProcess old) {
        awaitWhole();
    }

    /** Waits until all nodes agree that every slot is held, and every primary has its replica. */
    private void awaitWhole() {
        Await.until("the cluster is whole", SOON, () -> nodes.stream().allMatch(this::seesAll));
    }

    private boolean seesAll(RedisProcess node) {
        String seen = node.say("CLUSTER", "NODES");
        long replicas = seen.lines().filter(line -> line.contains("slave")).count();
        return node.say("CLUSTER", "INFO").contains("cluster_state:ok")
                && replicas == PRIMARIES
                && !seen.contains("fail")
                && !seen.contains("handshake")
                && (!node.say("ROLE").startsWith("[master") || node.hasReplica());
    }

    private void assign() {
        for (int i = 0; i < PRIMARIES; i++) {
            List<Object> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = i * SLOTS / PRIMARIES; slot < (i + 1) * SLOTS / PRIMARIES; slot++) {
                words.add(slot);
            }
            nodes.get(i).say(words.toArray());
            nodes.get(i).say("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
        }
    }

    private void meet() {
        for (RedisProcess node : nodes) {
            node.say("CLUSTER", "MEET", "127.0.0.1", nodes.get(0).port());
        }
        Await.until(
                "all have met",
                SOON,
                () -> nodes.stream().allMatch(node -> known(node) == nodes.size()));
    }

    private void replicate() {
        for (int i = 0; i < PRIMARIES; i++) {
            String id = nodes.get(i).say("CLUSTER", "MYID");
            nodes.get(PRIMARIES + i).say("CLUSTER", "REPLICATE", id);
        }
    }

    private static long known(RedisProcess node) {
        String seen = node.say("CLUSTER", "NODES");
        return seen.contains("handshake") ? 0 : seen.lines().count();
    }

    private static String holder(RedisProcess node, int slot) {
        for (String line : node.say("CLUSTER", "NODES").lines().toList()) {
            String[] words = line.split(" ", -1);
            for (int i = 8; i < words.length; i++) {
                if (!words[i].startsWith("[")
                        && !words[2].contains("fail")
                        && has(words[i], slot)) {
                    return words[1].replaceAll(".*:([0-9]+)@.*", "$1");
                }
            }
        }
        return "";
    }

    private static boolean has(String range, int slot) {
        String[] ends = range.split("-", -1);
        return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
