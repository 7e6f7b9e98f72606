package org.evergrant.trials;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.evergrant.AppId;
import org.evergrant.spi.Store;
import org.evergrant.testkit.Await;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other to a fleet, with quiet spells in between. What comes next is drawn
 * from a pack that has every kind once and is shuffled when it is used up. Of those who are killed
 * or frozen, half are in the midst of a mint.
 */
final class Mischief {
    private static final List<Mishap.Kind> PACK =
            List.of(
                    Mishap.Kind.KILLED,
                    Mishap.Kind.FROZEN,
                    Mishap.Kind.CUT,
                    Mishap.Kind.SILENT,
                    Mishap.Kind.SLOW,
                    Mishap.Kind.RESTARTED,
                    Mishap.Kind.FAILED_OVER);

    /** A broker that is started again is ready before this. */
    private static final Duration STARTING = Duration.ofSeconds(60);

    /** When everything is well again, nodes find their way back to the store within this time. */
    private static final Duration FINDING_BACK = Duration.ofSeconds(5);

    private final Crew crew;
    private final SharedStore servers;
    private final Map<String, StoreDoors> doors;
    private final Brokers brokers;
    private final ClaimWatch claims;
    private final AppId record;
    private final Pace pace;
    private final Random random;
    private final List<Mishap> mishaps = new CopyOnWriteArrayList<>();
    private final List<Mishap.Kind> pack = new ArrayList<>();

    /**
     * How long things take.
     *
     * @param quiet a quiet spell lasts up to twice as long
     * @param claim how long a claim holds; who is frozen is frozen for longer
     * @param life of a token; a node alone is away from the store for up to this time
     * @param mint how long a mint takes
     */
    record Pace(Duration quiet, Duration claim, Duration life, Duration mint) {}

    /** Which broker can be used. */
    interface Brokers {
        boolean isReady(String name);
    }

    Mischief(
            Crew crew,
            SharedStore servers,
            Map<String, StoreDoors> doors,
            Brokers brokers,
            Store store,
            AppId record,
            Pace pace,
            Random random) {
        this.crew = crew;
        this.servers = servers;
        this.doors = Map.copyOf(doors);
        this.brokers = brokers;
        this.claims = new ClaimWatch(store, crew);
        this.record = record;
        this.pace = pace;
        this.random = random;
    }

    /** Goes on until the time is over, and then until all is well again. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            ClaimWatch.pause(between(pace.quiet, pace.quiet.multipliedBy(2)));
            crew.assertNoneFell();
            if (pack.isEmpty()) {
                pack.addAll(PACK);
                Collections.shuffle(pack, random);
            }
            happen(pack.remove(pack.size() - 1));
        }
        ClaimWatch.pause(pace.life);
        crew.assertNoneFell();
    }

    private void happen(Mishap.Kind kind) throws IOException, InterruptedException {
        switch (kind) {
            case KILLED -> kill(victim(Crew.Kind.BROKER));
            case FROZEN -> freeze(victim(null));
            case CUT ->
                    part(kind, victim(null), doors -> doors.cut(true), doors -> doors.cut(false));
            case SILENT ->
                    part(
                            kind,
                            victim(null),
                            doors -> doors.silence(true),
                            doors -> doors.silence(false));
            case SLOW -> {
                Duration delay = between(Duration.ofMillis(50), Duration.ofMillis(1500));
                part(
                        kind,
                        victim(null),
                        doors -> doors.delay(delay),
                        doors -> doors.delay(Duration.ZERO));
            }
            case RESTARTED -> serve(kind, servers::restart);
            case FAILED_OVER -> {
                serve(kind, servers::failOver);
                ClaimWatch.pause(between(Duration.ZERO, pace.quiet));
                serve(Mishap.Kind.RESTARTED, servers::mend);
            }
            case STARTING -> throw new IllegalArgumentException("comes of itself: " + kind);
        }
    }

    private Crew.Member victim(Crew.@Nullable Kind kind) {
        List<Crew.Member> alive =
                crew.alive().stream().filter(one -> kind == null || one.kind() == kind).toList();
        Crew.Member any = alive.get(random.nextInt(alive.size()));
        boolean minting = random.nextBoolean();
        Duration into = between(Duration.ZERO, pace.mint.plusMillis(30));
        if (!minting) {
            return any;
        }
        Crew.Member claimant = claims.next(record, pace.life.multipliedBy(2));
        ClaimWatch.pause(into);
        return claimant != null && (kind == null || claimant.kind() == kind) ? claimant : any;
    }

    private void kill(Crew.Member victim) throws IOException, InterruptedException {
        Instant from = Instant.now();
        crew.kill(List.of(victim));
        Crew.Member next =
                crew.alive().stream()
                        .filter(one -> one.name().equals(victim.name()))
                        .findFirst()
                        .orElseThrow();
        Await.until(
                victim.name() + " is ready again",
                STARTING,
                () -> brokers.isReady(victim.name()) || !next.process().isAlive());
        note(Mishap.Kind.STARTING, victim.process().pid(), from);
        note(Mishap.Kind.STARTING, next.process().pid(), from);
    }

    /** For longer than any claim that it may have written. */
    private void freeze(Crew.Member victim) throws IOException, InterruptedException {
        Instant from = Instant.now();
        signal("-STOP", victim);
        ClaimWatch.pause(
                between(pace.claim.plusMillis(200), pace.claim.multipliedBy(3).dividedBy(2)));
        signal("-CONT", victim);
        note(Mishap.Kind.FROZEN, victim.process().pid(), from);
    }

    private static void signal(String signal, Crew.Member member)
            throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", signal, Long.toString(member.process().pid())).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new AssertionError("kill " + signal + " failed for " + member.name());
        }
    }

    /** Something that is done to the ways to the store. */
    private interface Touch {
        void to(StoreDoors doors);
    }

    private void part(Mishap.Kind kind, Crew.Member victim, Touch begin, Touch end) {
        StoreDoors way = Objects.requireNonNull(doors.get(victim.name()), victim.name());
        Instant from = Instant.now();
        begin.to(way);
        ClaimWatch.pause(between(Duration.ofMillis(500), pace.life));
        end.to(way);
        mishaps.add(
                new Mishap(kind, victim.process().pid(), from, Instant.now().plus(FINDING_BACK)));
    }

    /** Something that is done to the servers. */
    private interface Service {
        void run() throws IOException, InterruptedException;
    }

    private void serve(Mishap.Kind kind, Service service) throws IOException, InterruptedException {
        Instant from = Instant.now();
        service.run();
        mishaps.add(new Mishap(kind, Mishap.EVERYBODY, from, Instant.now().plus(FINDING_BACK)));
    }

    private void note(Mishap.Kind kind, long pid, Instant from) {
        mishaps.add(new Mishap(kind, pid, from, Instant.now()));
    }

    /** Returns all that was done. */
    List<Mishap> mishaps() {
        List<Mishap> all = new ArrayList<>(crew.deaths());
        all.addAll(mishaps);
        return all;
    }

    private Duration between(Duration least, Duration most) {
        return Duration.ofNanos(random.nextLong(least.toNanos(), most.toNanos()));
    }
}
