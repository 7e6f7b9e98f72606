package org.evergrant.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Lease;
import org.evergrant.Retention;
import org.evergrant.Token;
import org.evergrant.TokenSource;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.Test;

/** One bug for each rule: a judge that sees none of them proves nothing. */
class PlantedBugTest {
    private static final Plan CALM = SmallFleets.calm(3, "newest-only");

    @Test
    void retentionLooserThanTheProvidersBreaksPromises() {
        assertBreaks(CALM, told(Retention.KEEP_ALL), Broken.PROMISE_BROKEN);
    }

    @Test
    void mintingAsThePromiseEndsLosesCallsOnTheirWay() {
        Planted hasty =
                new Planted() {
                    @Override
                    public App app(App app) {
                        return like(app, app.retention(), Duration.ZERO);
                    }
                };

        assertBreaks(CALM, hasty, Broken.CALL_FAILED);
    }

    @Test
    void clockThatIsSlowPromisesTooMuch() {
        Planted slow =
                new Planted() {
                    @Override
                    public TimeSource time(TimeSource time, int machine) {
                        return machine == 0 ? new SlowTime(time) : time;
                    }
                };

        assertBreaks(CALM, slow, Broken.BEYOND_PROMISE);
    }

    @Test
    void lifeLongerThanTheProvidersIsAPromiseTooLong() {
        assertBreaks(CALM, answering(answer -> living(answer, 2)), Broken.PROMISED_TOO_LONG);
    }

    @Test
    void lifeShorterThanTheProvidersWastesMints() {
        assertBreaks(CALM, answering(answer -> living(answer, 0.5)), Broken.WASTED);
    }

    @Test
    void lostMintThatIsSaidNotToHaveHappenedLetsTwoMintsFly() {
        Plan losing = SmallFleets.of(3, losing(), PlantedBugTest::isNewestOnly);
        Planted lying =
                answering(answer ->
                        answer instanceof Minter.Doubtful
                                ? new Minter.NotMinted(
                                        Trouble.Kind.UNREACHABLE, "no", Optional.empty())
                                : answer);

        assertBreaks(losing, lying, Broken.TWO_IN_FLIGHT);
    }

    @Test
    void reportThatIsNotTakenIsAKnownDeadTokenHandedOut() {
        Plan rivals = SmallFleets.of(3, rivals(), PlantedBugTest::isNewestOnly);
        Planted deaf =
                new Planted() {
                    @Override
                    public TokenSource tokens(TokenSource tokens, int machine) {
                        return new DeafTokens(tokens);
                    }
                };

        assertBreaks(rivals, deaf, Broken.KNOWN_DEAD);
    }

    @Test
    void compareAndSetThatIgnoresTheVersionLetsTwoMintsFly() {
        Planted careless =
                new Planted() {
                    @Override
                    public Store store(Store store, int machine) {
                        return new CarelessStore(store);
                    }
                };

        assertBreaks(CALM, careless, Broken.TWO_IN_FLIGHT);
    }

    @Test
    void mintThatIsSentTwiceIsUnclaimed() {
        Planted twice =
                new Planted() {
                    @Override
                    public Minter minter(Minter minter, int machine) {
                        return new MinterBetween(minter) {
                            @Override
                            public CompletableFuture<Answer> mint(App app, int index) {
                                CompletableFuture<Answer> unheard = super.mint(app, index);
                                return unheard.isDone() ? unheard : super.mint(app, index);
                            }
                        };
                    }
                };

        assertBreaks(CALM, twice, Broken.UNCLAIMED);
    }

    @Test
    void budgetThatNobodyKeepsIsExceeded() {
        Plan tight =
                SmallFleets.of(
                        3, rivals(), app -> app.budget() != null && !app.configured().isHarmless());

        assertBreaks(tight, NO_BUDGET, Broken.BUDGET);
    }

    @Test
    void timerThatNeverRunsLeavesCallersUnanswered() {
        Planted forgetful =
                new Planted() {
                    @Override
                    public TimeSource time(TimeSource time, int machine) {
                        return new TimeBetween(time) {
                            @Override
                            public Timer after(Duration delay, Runnable task) {
                                return () -> {};
                            }
                        };
                    }
                };

        assertBreaks(CALM, forgetful, Broken.LATE);
    }

    @Test
    void mintThatIsNeverAnsweredLeavesCallersWithoutAToken() {
        Planted silent =
                new Planted() {
                    @Override
                    public Minter minter(Minter minter, int machine) {
                        return new MinterBetween(minter) {
                            @Override
                            public CompletableFuture<Answer> mint(App app, int index) {
                                return new CompletableFuture<>();
                            }
                        };
                    }
                };

        assertBreaks(CALM, silent, Broken.HELPLESS);
    }

    @Test
    void breachIsToldWithItsSeedItsRuleAndItsStory() {
        Outcome outcome = Fleet.run(CALM, told(Retention.KEEP_ALL));

        assertThat(Simulate.told(outcome))
                .contains("seed 3: " + Broken.PROMISE_BROKEN.words())
                .containsPattern("node \\d writes version \\d+: .* claim at 0 until")
                .contains("dies: OURS");
    }

    private static void assertBreaks(Plan plan, Planted bug, Broken rule) {
        Outcome sound = Fleet.run(plan);
        assertThat(sound.isWell()).as(Simulate.told(sound)).isTrue();

        Outcome broken = Fleet.run(plan, bug);

        assertThat(broken.tally().broken().keySet()).contains(rule);
    }

    private static boolean isNewestOnly(AppPlan app) {
        return app.configured().kind() == Rule.Kind.NEWEST_ONLY;
    }

    private static Rates losing() {
        return with(0.3, Rates.NEVER);
    }

    private static Rates rivals() {
        return with(0, Span.HOUR);
    }

    /** Returns calm rates but for lost mints and rivals. */
    private static Rates with(double mintLost, long rival) {
        Rates calm = Rates.calm();
        return new Rates(
                calm.crash(),
                calm.close(),
                calm.stall(),
                calm.suspend(),
                calm.cutOff(),
                calm.storeAway(),
                calm.storeSlow(),
                calm.storeJump(),
                0,
                0,
                0,
                0,
                0,
                0,
                mintLost,
                0,
                calm.providerAway(),
                calm.providerFailing(),
                calm.providerLimiting(),
                calm.deactivated(),
                calm.ruleChanged(),
                rival,
                0);
    }

    /** The nodes are told of apps without a budget. */
    private static final Planted NO_BUDGET =
            new Planted() {
                @Override
                public App app(App app) {
                    return like(app, app.retention());
                }
            };

    private static Planted told(Retention retention) {
        return new Planted() {
            @Override
            public App app(App app) {
                return like(app, retention);
            }
        };
    }

    private static App like(App app, Retention retention) {
        return like(app, retention, app.settle());
    }

    private static App like(App app, Retention retention, Duration settle) {
        return App.builder(app.id())
                .tokenUrl(app.tokenUrl())
                .clientId(app.clientId())
                .clientSecret(app.clientSecret())
                .settle(settle)
                .retention(retention)
                .build();
    }

    private interface Change {
        Minter.Answer of(Minter.Answer answer);
    }

    private static Planted answering(Change change) {
        return new Planted() {
            @Override
            public Minter minter(Minter minter, int machine) {
                return new MinterBetween(minter) {
                    @Override
                    public CompletableFuture<Answer> mint(App app, int index) {
                        return super.mint(app, index).thenApply(change::of);
                    }
                };
            }
        };
    }

    private static Minter.Answer living(Minter.Answer answer, double times) {
        if (!(answer instanceof Minter.Minted minted)) {
            return answer;
        }
        long nanos = minted.expiresIn().orElseThrow().toNanos();
        return new Minter.Minted(
                minted.value(),
                minted.type(),
                minted.scope(),
                minted.apiUrl(),
                Optional.of(Duration.ofNanos((long) (nanos * times))));
    }

    /** Hands everything on; a test overrides what it is about. */
    private static class MinterBetween implements Minter {
        private final Minter inner;

        MinterBetween(Minter inner) {
            this.inner = inner;
        }

        @Override
        public CompletableFuture<Answer> mint(App app, int index) {
            return inner.mint(app, index);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** Hands everything on; a test overrides what it is about. */
    private static class TimeBetween implements TimeSource {
        private final TimeSource inner;

        TimeBetween(TimeSource inner) {
            this.inner = inner;
        }

        @Override
        public long nanos() {
            return inner.nanos();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return inner.after(delay, task);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** Ticks nine times where others tick ten times. */
    private static final class SlowTime extends TimeBetween {
        SlowTime(TimeSource inner) {
            super(inner);
        }

        @Override
        public long nanos() {
            return super.nanos() / 10 * 9;
        }
    }

    /** Writes over whatever is there. */
    private record CarelessStore(Store inner) implements Store {
        @Override
        public Versioned read(AppId app) {
            return inner.read(app);
        }

        @Override
        public boolean cas(AppId app, long version, AppRecord record) {
            return inner.cas(app, inner.read(app).version(), record);
        }

        @Override
        public Watch watch(AppId app, Listener listener) {
            return inner.watch(app, listener);
        }

        @Override
        public Instant now() {
            return inner.now();
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** Says that it took a report, and did not. */
    private record DeafTokens(TokenSource inner) implements TokenSource {
        @Override
        public App app() {
            return inner.app();
        }

        @Override
        public Token get() {
            return inner.get();
        }

        @Override
        public Token get(Duration minLife, Duration wait) {
            return inner.get(minLife, wait);
        }

        @Override
        public CompletableFuture<Token> getAsync() {
            return inner.getAsync();
        }

        @Override
        public CompletableFuture<Token> getAsync(Duration minLife, Duration wait) {
            return inner.getAsync(minLife, wait);
        }

        @Override
        public Lease lease() {
            return inner.lease();
        }

        @Override
        public CompletableFuture<Lease> leaseAsync(Duration wait) {
            return inner.leaseAsync(wait);
        }

        @Override
        public boolean reject(Token token) {
            return true;
        }

        @Override
        public CompletableFuture<Boolean> rejectAsync(String accessToken) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Token> renewAsync(Duration wait) {
            return inner.renewAsync(wait);
        }

        @Override
        public Duration lifeLeft(Token token) {
            return inner.lifeLeft(token);
        }

        @Override
        public Instant now() {
            return inner.now();
        }

        @Override
        public AppRecord record() {
            return inner.record();
        }
    }
}
