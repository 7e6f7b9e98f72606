package org.evergrant.trials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.evergrant.AppId;
import org.evergrant.seal.SealingKey;
import org.evergrant.servers.RawRedis;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;
import org.evergrant.testkit.Await;

/**
 * Keeps the versions by listening to all that servers do ({@code MONITOR}). Whoever starts a server
 * lets nobody in before the scribe listens.
 *
 * <p>A server tells of a write when it runs the script, and its replica when it repeats it. What a
 * failover lost is told by the old primary alone, and its number is given out again: it is taken
 * out of the history, for it was never acknowledged.
 */
final class ValkeyScribe implements Scribe, AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final Pattern SAID = Pattern.compile("([0-9.]+) \\[[^]]*] (\".*+)");
    private static final Map<Character, Character> ESCAPES =
            Map.of('n', '\n', 'r', '\r', 't', '\t', 'a', '\u0007', 'b', '\b');

    /**
     * One write.
     *
     * @param at on the clock of the server that was the first to tell of it, in seconds
     * @param bytes of the record, in ISO 8859-1
     */
    private record Write(double at, String key, long version, String stamp, String bytes) {}

    private final Map<String, Write> writes = new ConcurrentHashMap<>();
    private final Set<RedisProcess> heard = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Begins to listen to a server, and goes on when it was started again. */
    void listenTo(RedisProcess server) {
        Thread thread = new Thread(() -> listen(server), "scribe");
        thread.setDaemon(true);
        thread.start();
        awaitListening(server);
    }

    /** Returns once every further write of a server is kept. */
    void awaitListening(RedisProcess server) {
        Await.until("the scribe listens", SOON, () -> heard.contains(server));
    }

    /** Forgets that it listened to a server, which is about to end. */
    void lose(RedisProcess server) {
        heard.remove(server);
    }

    /** A sentinel that changes the roles of servers ends all connections to them. */
    private void listen(RedisProcess server) {
        while (!closed) {
            try (RawRedis raw = server.raw()) {
                raw.text("MONITOR");
                heard.add(server);
                while (!closed) {
                    hear(String.valueOf(raw.next()));
                }
            } catch (IOException gone) {
                heard.remove(server);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Keeps the write that a line of {@code MONITOR} tells of, if it tells of one. */
    void hear(String line) {
        Matcher said = SAID.matcher(line);
        if (!said.matches() || !said.group(2).startsWith("\"HSET\" \"evergrant:{")) {
            return;
        }
        List<String> words = words(said.group(2));
        Map<String, String> fields = new HashMap<>();
        for (int i = 2; i + 1 < words.size(); i += 2) {
            fields.put(words.get(i), words.get(i + 1));
        }
        String stamp = Objects.requireNonNull(fields.get("stamp"), line);
        Write write =
                new Write(
                        Double.parseDouble(said.group(1)),
                        words.get(1),
                        Long.parseLong(Objects.requireNonNull(fields.get("version"), line)),
                        stamp,
                        Objects.requireNonNull(fields.get("record"), line));
        writes.merge(stamp, write, (one, other) -> one.at <= other.at ? one : other);
    }

    /** Returns the words that stand there in quotes, their bytes in ISO 8859-1. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"') {
                if (inside) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inside = !inside;
            } else if (inside && letter == '\\') {
                i++;
                if (text.charAt(i) == 'x') {
                    word.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
                    i += 2;
                } else {
                    word.append(ESCAPES.getOrDefault(text.charAt(i), text.charAt(i)));
                }
            } else if (inside) {
                word.append(letter);
            }
        }
        return words;
    }

    @Override
    public List<AppRecord> versions(AppId recordId, SealingKey key) {
        RecordCodec codec = RecordCodec.sealedBy(key);
        List<AppRecord> versions = new ArrayList<>();
        versions.add(AppRecord.EMPTY);
        for (Write write : inOrder(writes.values(), "evergrant:{" + recordId.value() + "}")) {
            if (write.version > versions.size()) {
                throw new AssertionError(
                        "version " + write.version + " follows " + (versions.size() - 1));
            }
            versions.subList((int) write.version, versions.size()).clear();
            versions.add(codec.decode(recordId, write.bytes.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return versions;
    }

    private static List<Write> inOrder(Collection<Write> writes, String key) {
        return writes.stream()
                .filter(write -> write.key.equals(key))
                .sorted(Comparator.comparingDouble(Write::at))
                .toList();
    }
}
