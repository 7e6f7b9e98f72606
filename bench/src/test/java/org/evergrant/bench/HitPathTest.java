package org.evergrant.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every contestant of the hit path gives its token; nothing is timed. */
final class HitPathTest {
    private final HitPath benchmarks = new HitPath();
    private final WarmEvergrant evergrant = new WarmEvergrant();

    @AfterEach
    void close() {
        evergrant.close();
    }

    @Test
    void yardstickReadsTheToken() {
        Blackhole clock =
                new Blackhole(
                        "Today's password is swordfish. I understand instantiating Blackholes"
                                + " directly is dangerous.");

        assertThat(benchmarks.yardstick(new Yardstick(), clock)).isEqualTo(Tokens.VALUE);
    }

    @Test
    void everyDoorOfOursGivesTheToken() {
        assertThat(benchmarks.get(evergrant).value().reveal()).isEqualTo(Tokens.VALUE);
        assertThat(benchmarks.getAsync(evergrant).join().value().reveal()).isEqualTo(Tokens.VALUE);
        assertThat(benchmarks.lease(evergrant).value().reveal()).isEqualTo(Tokens.VALUE);
    }

    @Test
    void everyAskIsAHit() {
        assertThat(benchmarks.getAsync(evergrant)).isDone();
        assertThat(benchmarks.get(evergrant)).isSameAs(benchmarks.get(evergrant));
        assertThat(evergrant.tokens().record().generation()).isEqualTo(1);
    }

    @Test
    void peersGiveTheirToken() throws Exception {
        assertThat(benchmarks.google(new WarmGoogle()).getTokenValue()).isEqualTo(Tokens.VALUE);
        assertThat(benchmarks.spring(new WarmSpring()).getTokenValue()).isEqualTo(Tokens.VALUE);
        assertThat(benchmarks.azure(new WarmAzure()).getToken()).isEqualTo(Tokens.VALUE);
    }

    @Test
    void jmhFindsEveryBenchmarkAndTheReportNamesIt() {
        List<String> written =
                Arrays.stream(HitPath.class.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Benchmark.class))
                        .map(method -> HitPath.class.getName() + "." + method.getName())
                        .toList();

        var found =
                BenchmarkList.defaultList()
                        .getAll(
                                OutputFormatFactory.createFormatInstance(
                                        System.out, VerboseMode.SILENT),
                                List.of());

        assertThat(found)
                .extracting(entry -> entry.getUsername())
                .containsExactlyInAnyOrderElementsOf(written);
        assertThat(HitPathReport.Row.values())
                .extracting(row -> HitPath.class.getName() + "." + row.benchmark())
                .containsExactlyInAnyOrderElementsOf(written);
    }
}
