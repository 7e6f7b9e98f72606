package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MemoryStore;
import org.evergrant.MisconfiguredException;
import org.evergrant.Secret;
import org.evergrant.StoreException;
import org.evergrant.Token;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Relocation;
import org.evergrant.spi.Store;
import org.junit.jupiter.api.Test;

/** The order of steps, and what becomes of a move that is broken off. */
class StoreMoveTest {
    private static final Duration AHEAD = Duration.ofSeconds(30);
    private static final String OLD = "sqlite:/old.db";
    private static final String NEW = "postgresql://db/tokens";
    private static final App ZOOM = app("zoom");
    private static final App WEBEX = app("webex");

    private final MemoryStore here = MemoryStore.create();
    private final MemoryStore there =
            MemoryStore.create(InstantSource.offset(InstantSource.system(), AHEAD));
    private final List<String> told = new ArrayList<>();

    @Test
    void recordGoesToTheOtherClockAndTheOldOneIsMarked() {
        AppRecord before = record(7);
        here.cas(ZOOM.recordId(), 0, before);

        move(there).run(List.of(ZOOM, WEBEX), told::add);

        Token was = before.tokens().get(0);
        Token is = there.read(ZOOM.recordId()).record().tokens().get(0);
        assertThat(is.value()).isEqualTo(was.value());
        assertThat(Duration.between(was.promisedUntil(), is.promisedUntil()))
                .isBetween(AHEAD.minusMillis(500), AHEAD.plusMillis(500));
        assertThat(Relocation.target(here.read(ZOOM.recordId()).record())).contains(NEW);
        assertThat(Relocation.target(here.read(WEBEX.recordId()).record())).contains(NEW);
        assertThat(told)
                .satisfiesExactly(
                        line -> assertThat(line).contains("zoom", "generation 7, promised until"),
                        line -> assertThat(line).contains("webex", "without a token"));
    }

    @Test
    void mintUnderWayIsWaitedFor() {
        Instant now = here.now();
        Claim claim = new Claim("node", 0, now, now.plusSeconds(60), false, false);
        here.cas(ZOOM.recordId(), 0, withClaim(record(1), claim));
        CompletableFuture<Void> moved =
                CompletableFuture.runAsync(() -> move(there).run(List.of(ZOOM), told::add));
        here.watch(ZOOM.recordId(), () -> {}).close();
        assertThat(moved).isNotDone();

        here.cas(ZOOM.recordId(), 1, record(2));

        moved.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(there.read(ZOOM.recordId()).record().generation()).isEqualTo(2);
    }

    @Test
    void nothingIsBegunWhereARecordIsInTheWay() {
        here.cas(ZOOM.recordId(), 0, record(1));
        there.cas(WEBEX.recordId(), 0, record(5));

        assertThatThrownBy(() -> move(there).run(List.of(ZOOM, WEBEX), told::add))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("nothing was moved")
                .hasMessageContaining("webex")
                .hasMessageContaining(NEW);

        assertThat(here.read(ZOOM.recordId())).isEqualTo(new Store.Versioned(1, record(1)));
        assertThat(there.read(ZOOM.recordId()).version()).isZero();
    }

    @Test
    void moveThatFailsTakesItsMarkAway() {
        here.cas(ZOOM.recordId(), 0, record(1));

        assertThatThrownBy(() -> move(new Failing(false)).run(List.of(ZOOM), told::add))
                .isInstanceOf(StoreException.class);

        assertThat(here.read(ZOOM.recordId()).record()).isEqualTo(record(1));
        assertThat(there.read(ZOOM.recordId()).version()).isZero();
    }

    @Test
    void lostAnswerIsLookedUp() {
        here.cas(ZOOM.recordId(), 0, record(1));

        move(new Failing(true)).run(List.of(ZOOM), told::add);

        assertThat(there.read(ZOOM.recordId()).record().generation()).isEqualTo(1);
        assertThat(Relocation.target(here.read(ZOOM.recordId()).record())).contains(NEW);
    }

    @Test
    void sameMoveAgainGoesOnWhereItWasBrokenOff() {
        here.cas(ZOOM.recordId(), 0, record(1));
        move(there).run(List.of(ZOOM), told::add);
        here.cas(WEBEX.recordId(), 0, record(3));
        there.cas(ZOOM.recordId(), 1, record(2));

        move(there).run(List.of(ZOOM, WEBEX), told::add);

        assertThat(there.read(ZOOM.recordId()).record().generation()).isEqualTo(2);
        assertThat(there.read(WEBEX.recordId()).record().generation()).isEqualTo(3);
        assertThat(told).anySatisfy(line -> assertThat(line).contains("zoom: moved before"));
    }

    @Test
    void moveBackBringsWhatHappenedMeanwhile() {
        here.cas(ZOOM.recordId(), 0, record(1));
        move(there).run(List.of(ZOOM, WEBEX), told::add);
        there.cas(ZOOM.recordId(), 1, record(2));

        new StoreMove(there, NEW, here, OLD).run(List.of(ZOOM, WEBEX), told::add);

        assertThat(here.read(ZOOM.recordId()).record().generation()).isEqualTo(2);
        assertThat(here.read(WEBEX.recordId()).record()).isEqualTo(AppRecord.EMPTY);
        assertThat(Relocation.target(there.read(ZOOM.recordId()).record())).contains(OLD);
    }

    @Test
    void recordThatWentElsewhereIsNotMovedAgain() {
        here.cas(ZOOM.recordId(), 0, record(1));
        move(there).run(List.of(ZOOM), told::add);

        StoreMove elsewhere = new StoreMove(here, OLD, MemoryStore.create(), "sqlite:/other.db");

        assertThatThrownBy(() -> elsewhere.run(List.of(ZOOM), told::add))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("was moved to " + NEW);
    }

    private StoreMove move(Store target) {
        return new StoreMove(here, OLD, target, NEW);
    }

    private static App app(String name) {
        return App.zoom(AppId.of(name))
                .accountId("account")
                .clientId(name)
                .clientSecret(Secret.of("secret"))
                .build();
    }

    private static AppRecord record(long generation) {
        Instant at = Instant.parse("2100-01-01T00:00:00Z");
        Token token =
                new Token(
                        generation,
                        0,
                        Secret.of("token-" + generation),
                        "bearer",
                        "",
                        "",
                        at,
                        at.plusSeconds(3600),
                        at.plusSeconds(3540),
                        Token.Standing.GOOD,
                        false);
        return new AppRecord(generation, List.of(token), null, null, List.of(), 0, null);
    }

    private static AppRecord withClaim(AppRecord record, Claim claim) {
        return new AppRecord(record.generation(), record.tokens(), claim, null, List.of(), 0, null);
    }

    /** A store whose first write fails, done or not. */
    private final class Failing implements Store {
        private final boolean done;

        private Failing(boolean done) {
            this.done = done;
        }

        @Override
        public Versioned read(AppId app) {
            return there.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            if (done) {
                there.cas(app, version, record);
            }
            throw new StoreException("no answer");
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            return there.watch(app, listener);
        }

        @Override
        public Instant now() {
            return there.now();
        }

        @Override
        public void close() {
            there.close();
        }
    }
}
