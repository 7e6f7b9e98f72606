package org.evergrant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Store;
import org.evergrant.testkit.FakeMinter;
import org.evergrant.testkit.FakeTime;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;

/**
 * One node with one app on fake time. Tokens live an hour, promises end at 59 min, and a mint that
 * kills a token waits for a second more. What the node gives to its executor runs at once while the
 * stage is set, and from {@link #setLater} on when a thread of the stage lends a hand.
 */
public abstract class Stage {
    /** An app that no stage has asked for. */
    static final App OTHER = app("other", "newest-only");

    static final Duration LONG = Duration.ofHours(2);

    /** Made once: it is the same for every order. */
    private static final Map<String, App> APPS =
            Stream.of("newest-only", "indexed:2")
                    .collect(Collectors.toMap(name -> name, Stage::app));

    final FakeTime time = FakeTime.create();
    final FakeMinter provider = FakeMinter.create(time);
    final MemoryStore store = MemoryStore.create(time);
    final App app;
    final Node node;
    final TokenSource tokens;

    private final List<String> breaches = new ArrayList<>();
    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread hand;
    private volatile boolean atOnce = true;

    Stage(String retention) {
        app = Objects.requireNonNull(APPS.get(retention));
        node =
                Node.builder()
                        .store(store())
                        .minter(provider)
                        .time(time)
                        .executor(this::execute)
                        .wait(LONG)
                        .build();
        tokens = node.tokens(app);
    }

    private static App app(String retention) {
        return app("zoom", retention);
    }

    private static App app(String id, String retention) {
        return App.zoom(AppId.of(id))
                .accountId("account")
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .retention(Retention.parse(retention))
                .build();
    }

    /** Returns what the node uses as its store. */
    Store store() {
        return store;
    }

    /** From now on work waits for {@link #work}. */
    final void setLater() {
        atOnce = false;
    }

    /** Does what there is to do; for one thread at a time. */
    @Operation
    public final void work() {
        hand = Thread.currentThread();
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
        hand = null;
    }

    /** Work that comes up in other work is done at once, as by an executor whose caller runs it. */
    final void execute(Runnable task) {
        if (atOnce || hand == Thread.currentThread()) {
            task.run();
        } else {
            work.add(task);
        }
    }

    /** Returns what the nodes share. */
    final AppRecord record() {
        return store.read(app.recordId()).record();
    }

    /** Notes a breach unless {@code holds}; an exception thrown in the mailbox would end there. */
    final void check(boolean holds, String otherwise) {
        if (!holds) {
            breaches.add(otherwise);
        }
    }

    /** Ends the validation: fails with the breaches noted. */
    final void nothingBroken() {
        if (!breaches.isEmpty()) {
            throw new AssertionError(breaches.toString());
        }
    }

    /** Returns what an ask gets in the end: its generation, 0 when refused, -1 when it waits. */
    final long askAgain() {
        CompletableFuture<Token> ask = tokens.getAsync();
        work();
        return generation(ask);
    }

    /** Returns the generation that {@code ask} got; 0 when it was refused, -1 when it waits. */
    static long generation(CompletableFuture<Token> ask) {
        if (!ask.isDone()) {
            return -1;
        }
        return ask.isCompletedExceptionally() ? 0 : ask.join().generation();
    }
}
