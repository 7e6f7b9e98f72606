package org.evergrant.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Trouble;

/**
 * A small provider in memory. It keeps the {@link Retention} of each app it mints for, counts mints
 * and knows which tokens live. Answers come at once, on the calling thread, unless {@link #hold}
 * was called; {@link #answerWith} and {@link #loseNext} make the next ones go wrong.
 */
public final class FakeMinter implements Minter {

    /** A mint that arrived, in the order of arrival. */
    public record Mint(AppId app, int index) {}

    private record Issued(int index, Secret value, Instant expiresAt) {
        private Issued endingBy(Instant end) {
            return end.isBefore(expiresAt) ? new Issued(index, value, end) : this;
        }
    }

    private record Held(CompletableFuture<Answer> future, Answer answer) {}

    private final InstantSource clock;
    private Duration life;
    private final Map<AppId, List<Issued>> issued = new HashMap<>();
    private final List<Mint> mints = new ArrayList<>();
    private final Deque<Answer> scripted = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private int toLose;
    private int made;
    private boolean holding;
    private boolean closed;

    private FakeMinter(InstantSource clock, Duration life) {
        this.clock = clock;
        this.life = life;
    }

    /** Returns a provider on this clock whose tokens live for an hour. */
    public static FakeMinter create(InstantSource clock) {
        return new FakeMinter(clock, Duration.ofHours(1));
    }

    /** From now on tokens are minted with this life. */
    public synchronized FakeMinter life(Duration changed) {
        life = changed;
        return this;
    }

    /**
     * The next mints are answered with these, one each, and mint nothing; a {@link Minted} among
     * them brings a token that {@link #isLive} does not know.
     */
    public synchronized FakeMinter answerWith(Answer... answers) {
        scripted.addAll(List.of(answers));
        return this;
    }

    /** The next {@code count} mints do mint, and their answers are lost. */
    public synchronized FakeMinter loseNext(int count) {
        toLose = count;
        return this;
    }

    /** From now on answers wait for {@link #release} or {@link #releaseNext}; mints do arrive. */
    public synchronized void hold() {
        holding = true;
    }

    /** Sends all held answers, oldest first, and holds no more. */
    public void release() {
        synchronized (this) {
            holding = false;
        }
        while (releaseNext()) {
            // Each answer is sent without the lock, because what it completes may mint again.
        }
    }

    /**
     * Sends the oldest held answer.
     *
     * @return whether there was one
     */
    public boolean releaseNext() {
        Held next;
        synchronized (this) {
            next = held.poll();
        }
        if (next == null) {
            return false;
        }
        next.future.complete(next.answer);
        return true;
    }

    /** Mints as a stranger with the same credentials would: not counted, displaces as any mint. */
    public synchronized void rival(App app) {
        provide(app, 0);
    }

    /** Kills a token, as a person at the provider's console would. */
    public synchronized void revoke(Secret value) {
        for (List<Issued> tokens : issued.values()) {
            tokens.removeIf(token -> token.value.equals(value));
        }
    }

    /** Returns whether the API would accept this token now. */
    public synchronized boolean isLive(Secret value) {
        Instant now = clock.instant();
        return issued.values().stream()
                .flatMap(List::stream)
                .anyMatch(token -> token.value.equals(value) && now.isBefore(token.expiresAt));
    }

    /** Returns how many mints arrived, whatever their answer. */
    public synchronized int count() {
        return mints.size();
    }

    /** Returns the mints that arrived. */
    public synchronized List<Mint> mints() {
        return List.copyOf(mints);
    }

    /** Returns how many answers are held. */
    public synchronized int held() {
        return held.size();
    }

    /** Returns whether it was closed. */
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public CompletableFuture<Answer> mint(App app, int index) {
        CompletableFuture<Answer> future = new CompletableFuture<>();
        Answer answer;
        synchronized (this) {
            mints.add(new Mint(app.id(), index));
            answer = answer(app, index);
            if (holding) {
                held.add(new Held(future, answer));
                return future;
            }
        }
        future.complete(answer);
        return future;
    }

    /** Refuses further mints. */
    @Override
    public synchronized void close() {
        closed = true;
    }

    private Answer answer(App app, int index) {
        if (closed) {
            return new NotMinted(
                    Trouble.Kind.UNREACHABLE, "the minter is closed", Optional.empty());
        }
        Answer next = scripted.poll();
        if (next != null) {
            return next;
        }
        if (index < 0 || index >= app.retention().indexes()) {
            String detail = "token_index " + index + " is out of range";
            return new NotMinted(Trouble.Kind.INDEX, detail, Optional.empty());
        }
        Issued token = provide(app, index);
        if (toLose > 0) {
            toLose--;
            return new Doubtful("the answer was lost", Optional.empty());
        }
        Duration left = Duration.between(clock.instant(), token.expiresAt);
        return new Minted(token.value, "bearer", app.scope(), "", Optional.of(left));
    }

    /** Returns the token of a mint at {@code index}, after displacing what the retention says. */
    private Issued provide(App app, int index) {
        Instant now = clock.instant();
        Retention rules = app.retention();
        List<Issued> tokens = issued.computeIfAbsent(app.id(), id -> new ArrayList<>());
        tokens.removeIf(token -> !now.isBefore(token.expiresAt));
        if (rules.isSticky() && !tokens.isEmpty()) {
            Issued newest = tokens.get(0);
            if (Duration.between(now, newest.expiresAt).compareTo(rules.stickiness()) > 0) {
                return newest;
            }
        }
        made++;
        Secret value = Secret.of("fake-" + app.id() + "-" + index + "-" + made);
        tokens.add(0, new Issued(index, value, now.plus(life)));
        int place = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Issued token = tokens.get(i);
            if (token.index == index && place++ >= rules.window()) {
                tokens.set(i, token.endingBy(now.plus(rules.grace())));
            }
        }
        return tokens.get(0);
    }
}
