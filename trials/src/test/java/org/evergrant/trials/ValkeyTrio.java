package org.evergrant.trials;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.servers.BreakableNetwork;
import org.evergrant.servers.RedisProcess;
import org.evergrant.servers.RedisSentinels;
import org.evergrant.spi.Store;

/** A primary and a replica whose roles three sentinels change; each write waits for the replica. */
final class ValkeyTrio implements SharedStore {
    private static final Pattern NUMBER = Pattern.compile("\\b[0-9]{5}\\b");

    private final RedisSentinels sentinels;
    private final ValkeyScribe scribe = new ValkeyScribe();
    private final Map<RedisProcess, List<BreakableNetwork>> doorsTo = new ConcurrentHashMap<>();

    private ValkeyTrio(RedisSentinels sentinels) {
        this.sentinels = sentinels;
    }

    static ValkeyTrio start() throws IOException {
        return new ValkeyTrio(RedisSentinels.start());
    }

    /** The sentinels name the servers' ports; this node hears of its doors to them instead. */
    @Override
    public StoreDoors doors() throws IOException {
        Map<String, String> ports = new HashMap<>();
        List<BreakableNetwork> all = new ArrayList<>();
        for (RedisProcess server : sentinels.servers()) {
            BreakableNetwork door = BreakableNetwork.to(server.port());
            ports.put(Integer.toString(server.port()), Integer.toString(door.port()));
            all.add(door);
            doorsTo.computeIfAbsent(server, first -> new CopyOnWriteArrayList<>()).add(door);
        }
        List<Integer> known = new ArrayList<>();
        for (RedisProcess sentinel : sentinels.sentinels()) {
            BreakableNetwork door =
                    BreakableNetwork.to(sentinel.port(), said -> renumbered(said, ports));
            known.add(door.port());
            all.add(door);
        }
        return new StoreDoors(RedisSentinels.url(known, "wait-replicas=1"), all);
    }

    /** All ports here have five digits, so lengths that were announced still hold. */
    private static String renumbered(String said, Map<String, String> ports) {
        return NUMBER.matcher(said)
                .replaceAll(port ->
                        Matcher.quoteReplacement(ports.getOrDefault(port.group(), port.group())));
    }

    @Override
    public Scribe scribe(Store made) {
        sentinels.servers().forEach(scribe::listenTo);
        return scribe;
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        RedisProcess primary = sentinels.primary();
        kill(primary);
        primary.restart();
        letIn();
        sentinels.rejoin(primary);
    }

    @Override
    public void failOver() throws IOException, InterruptedException {
        RedisProcess old = sentinels.primary();
        kill(old);
        sentinels.awaitFailover(old);
        letIn();
        old.restart();
        sentinels.rejoin(old);
    }

    private void kill(RedisProcess primary) throws InterruptedException {
        doorsTo.values().forEach(doors -> doors.forEach(door -> door.refuse(true)));
        primary.kill();
        scribe.lose(primary);
    }

    /** Nobody is let in before the scribe listens. */
    private void letIn() {
        scribe.awaitListening(sentinels.primary());
        doorsTo.values().forEach(doors -> doors.forEach(door -> door.refuse(false)));
    }

    @Override
    public void mend() {
        sentinels.awaitWhole();
    }

    @Override
    public void close() {
        scribe.close();
        sentinels.close();
    }
}
