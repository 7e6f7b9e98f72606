package org.evergrant.simulation.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/**
 * One app of a fleet.
 *
 * @param app as the nodes are told of it
 * @param configured its retention, as the judge holds the nodes to it
 * @param atFirst what the provider really does, until it changes its mind
 * @param life how long its tokens live, in nanoseconds
 * @param budget how many mints the provider allows
 * @param machines those that serve it
 * @param askedEvery the mean time between two asks on one machine
 */
record AppPlan(
        int number,
        App app,
        Rule configured,
        Rule atFirst,
        long life,
        @Nullable MintBudget budget,
        List<Integer> machines,
        long askedEvery) {
    private static final List<String> RULES =
            List.of("newest-only", "indexed:", "newest:", "grace:", "keep-all", "sticky:");

    /** What providers do, an hour most of them. */
    private static final List<Long> LIVES =
            List.of(
                    Span.HOUR,
                    Span.HOUR,
                    2 * Span.HOUR,
                    2 * Span.HOUR,
                    12 * Span.HOUR,
                    12 * Span.HOUR,
                    24 * Span.HOUR,
                    24 * Span.HOUR,
                    24 * Span.HOUR,
                    7 * Span.DAY);

    private static final long SHORT_LIFE = 10 * Span.MINUTE;

    /** Draws one. */
    static AppPlan drawn(int number, int machines, Chance chance) {
        long life = chance.happens(0.02) ? SHORT_LIFE : chance.oneOf(LIVES);
        String rule = rule(chance, life);
        long settle = chance.oneOf(List.of(Span.SECOND, Span.SECOND, 2 * Span.SECOND));
        MintBudget budget = chance.happens(0.15) ? budget(chance, life) : null;
        App.Builder app =
                App.builder(AppId.of("app" + number))
                        .tokenUrl(URI.create("https://provider.example/token"))
                        .clientId("client" + number)
                        .clientSecret(Secret.of("secret"))
                        .retention(Retention.parse(rule))
                        .settle(Duration.ofNanos(settle))
                        .keepWarm(chance.happens(0.1));
        if (budget != null) {
            app.mintBudget(budget);
        }
        Rule configured = Rule.parse(rule);
        boolean tighter = configured.kind() == Rule.Kind.INDEXED && chance.happens(0.2);
        return new AppPlan(
                number,
                app.build(),
                configured,
                tighter ? new Rule(Rule.Kind.INDEXED, 1, 0) : configured,
                life,
                budget,
                servers(machines, chance),
                chance.span(life / 4, life * 4));
    }

    long settle() {
        return app.settle().toNanos();
    }

    private static String rule(Chance chance, long life) {
        String rule = chance.oneOf(RULES);
        return switch (rule) {
            case "indexed:", "newest:" -> rule + chance.from(2, 4);
            case "grace:", "sticky:" ->
                    rule
                            + DurationText.format(
                                    Duration.ofSeconds(
                                            chance.span(life / 100, life / 8) / Span.SECOND));
            default -> rule;
        };
    }

    /** Returns a budget that is enough for planned renewals, and not for much more. */
    private static MintBudget budget(Chance chance, long life) {
        long window = chance.oneOf(List.of(10 * Span.MINUTE, Span.HOUR, Span.DAY));
        int needed = (int) (2 * window / life);
        return new MintBudget(needed + chance.from(2, 8), Duration.ofNanos(window));
    }

    private static List<Integer> servers(int machines, Chance chance) {
        List<Integer> serving = new ArrayList<>();
        int first = chance.from(0, machines - 1);
        int most = Math.min(machines, chance.from(1, 3));
        for (int number = 0; number < most; number++) {
            serving.add((first + number * 7) % machines);
        }
        return List.copyOf(serving.stream().distinct().toList());
    }
}
