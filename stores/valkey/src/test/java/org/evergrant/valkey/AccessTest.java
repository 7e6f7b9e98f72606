package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.evergrant.valkey.Samples.ZOOM;
import static org.evergrant.valkey.Samples.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.servers.RedisProcess;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The access list of the guide is enough, and no word of it too much. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class AccessTest {
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Path GUIDE = Path.of("../../docs/guide/valkey.md");

    private static RedisProcess server;
    private static List<String> line = List.of();

    @BeforeAll
    static void start() throws Exception {
        server = RedisProcess.start();
        line = guideLine();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<String> commands() throws IOException {
        return commandsOfTheGuide(false).stream();
    }

    @Test
    void theLineOfTheGuideIsEnough() throws Exception {
        setUser(line);

        use("a");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noCommandOfTheLineIsTooMuch(String command) {
        List<String> less = new ArrayList<>(line);
        less.remove(command);
        setUser(less);
        server.say("SCRIPT", "FLUSH");

        assertThatThrownBy(() -> use("without-" + command.substring(1)))
                .isInstanceOfAny(EvergrantException.class, AssertionError.class);
    }

    @Test
    void aUserWhoMayNotWriteIsToldSoAndReads() throws Exception {
        setUser(line);
        try (Store store = Samples.open(url("readable", ""))) {
            store.cas(ZOOM, 0, record(1));
            List<String> less = new ArrayList<>(line);
            less.remove("+hset");
            setUser(less);

            assertThatThrownBy(() -> store.cas(ZOOM, 1, record(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("does not let this user do what is needed");

            assertThat(store.read(ZOOM).version()).isEqualTo(1);
        }
    }

    @Test
    void keysOfOthersAreOutOfReach() throws Exception {
        setUser(line);

        assertThatThrownBy(() ->
                        Samples.open(
                                "redis://evergrant:secret@127.0.0.1:"
                                        + server.port()
                                        + "?prefix=other"))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("does not let this user");
    }

    /** Opens, reads, writes, waits, hears: everything that a store ever does. */
    private static void use(String name) throws Exception {
        String channel = "evergrant-" + name + ":changes";
        try (ValkeyStore store = Samples.open(url(name, "&wait-replicas=0"));
                Store.Watch watch = store.watch(ZOOM, () -> {})) {
            assertThat(watch).isNotNull();
            store.now();
            Store.Versioned now = store.read(ZOOM);
            assertThat(store.cas(ZOOM, now.version(), record(1))).isTrue();
            Await.until(
                    "it hears",
                    SOON,
                    () -> server.say("PUBSUB", "NUMSUB", channel).endsWith(" 1]"));
        }
        try (ValkeyStore store = Samples.open(url(name, "&wait-replicas=1"))) {
            long version = store.read(ZOOM).version();
            assertThatThrownBy(() -> store.cas(ZOOM, version, record(2)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("on 0 replicas");
        } catch (AssertionError other) {
            throw new AssertionError("WAIT is not allowed", other);
        }
    }

    private static String url(String name, String options) {
        return "redis://evergrant:secret@127.0.0.1:"
                + server.port()
                + "?prefix=evergrant-"
                + name
                + options;
    }

    private static void setUser(List<String> words) {
        List<Object> all = new ArrayList<>(List.of("ACL", "SETUSER", "evergrant", "reset"));
        for (String word : words) {
            all.add(word.equals(">PASSWORD") ? ">secret" : word);
        }
        all.replaceAll(word -> word.equals("~evergrant:*") ? "~evergrant-*" : word);
        all.replaceAll(word -> word.equals("&evergrant:changes") ? "&evergrant-*" : word);
        assertThat(server.say(all.toArray())).isEqualTo("OK");
    }

    /** Returns what the guide lets a user do, on one server or in a cluster. */
    static List<String> commandsOfTheGuide(boolean inACluster) throws IOException {
        List<String> all = new ArrayList<>(guideLine());
        all.removeIf(word -> !word.startsWith("+"));
        if (inACluster) {
            String page = Files.readString(GUIDE, StandardCharsets.UTF_8);
            String begin = "In a cluster add `";
            int from = page.indexOf(begin) + begin.length();
            all.addAll(List.of(page.substring(from, page.indexOf('`', from)).split(" ", -1)));
        }
        return all;
    }

    /** Returns the rules behind {@code ACL SETUSER evergrant} in the guide. */
    private static List<String> guideLine() throws IOException {
        String page = Files.readString(GUIDE, StandardCharsets.UTF_8);
        String begin = "ACL SETUSER evergrant ";
        int from = page.indexOf(begin) + begin.length();
        return List.of(page.substring(from, page.indexOf("\n\n", from)).strip().split("\\s+", -1));
    }
}
