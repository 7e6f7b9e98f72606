package org.evergrant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * One process's share in keeping tokens alive: it holds the store, the minter and a few threads for
 * any number of apps. Nodes on the same store share their tokens.
 */
public final class Node implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant");

    /** A mint under way at the end may take its own deadline, and its publication a little more. */
    private static final Duration PUBLISHING = Duration.ofSeconds(2);

    private final NodeParts parts;
    private final @Nullable ExecutorService workers;
    private final Duration wait;
    private final ConcurrentMap<AppId, Keeper> keepers = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Node(Builder from) {
        TimeSource time = from.time == null ? new SystemTime() : from.time;
        Store store = from.store == null ? MemoryStore.create() : from.store;
        workers = from.executor == null ? Threads.workers() : null;
        wait = from.wait;
        parts =
                new NodeParts(
                        ProcessHandle.current().pid() + "-" + UUID.randomUUID(),
                        store,
                        from.minter == null ? new HttpMinter() : from.minter,
                        from.executor == null ? Objects.requireNonNull(workers) : from.executor,
                        time,
                        new SharedClock(store, time),
                        new SafeObserver(from.observer));
    }

    /** Returns a node that shares with nobody: its records live in this process's memory. */
    public static Node create() {
        return builder().build();
    }

    /** Returns a builder for a node with a store of its own choice. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns this node's id, new for every node: the process's id, a hyphen, and a random part.
     */
    public String id() {
        return parts.id();
    }

    /**
     * Returns the tokens of {@code app}: the same source for the same {@link App#id}, whose first
     * {@link App} counts. Touches neither the store nor the provider.
     *
     * @throws IllegalStateException once the node is closed
     */
    public TokenSource tokens(App app) {
        if (closed.get()) {
            throw new IllegalStateException("the node is closed");
        }
        Keeper keeper = keepers.computeIfAbsent(app.id(), id -> new Keeper(parts, app, wait));
        if (closed.get()) {
            // Perhaps too late to be among those that are being closed.
            CompletableFuture<Void> unused = keeper.close();
        }
        return keeper;
    }

    /** Returns the store. */
    public Store store() {
        return parts.store();
    }

    /**
     * Ends the node: asks are refused, a mint under way is finished and published, a claim not yet
     * used is given back; then the store, the minter and all threads end. Blocks for at most a
     * mint's deadline and two seconds.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Duration longest = Duration.ZERO;
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Keeper keeper : keepers.values()) {
            ends.add(keeper.close());
            Duration deadline = keeper.app().mintDeadline();
            longest = deadline.compareTo(longest) > 0 ? deadline : longest;
        }
        await(ends, longest.plus(PUBLISHING));
        parts.time().close();
        parts.minter().close();
        parts.store().close();
        if (workers != null) {
            // What is queued still runs: it answers callers.
            workers.shutdown();
        }
    }

    private static void await(List<CompletableFuture<Void>> ends, Duration longest) {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unfinished) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "closed before a mint was published; its claim runs out by itself");
        }
    }

    /** Collects the parts of a {@link Node}. */
    public static final class Builder {
        private @Nullable Store store;
        private @Nullable Minter minter;
        private @Nullable Executor executor;
        private @Nullable TimeSource time;
        private Observer observer = Observer.NONE;
        private Duration wait = Duration.ofSeconds(10);

        private Builder() {}

        /** The store, closed with the node. Default: this process's memory. */
        public Builder store(Store value) {
            store = value;
            return this;
        }

        /** The minter, closed with the node. Default: {@code java.net.http}. */
        public Builder minter(Minter value) {
            minter = value;
            return this;
        }

        /**
         * Runs work that may block. Not closed with the node. Default: a few threads of its own.
         */
        public Builder executor(Executor value) {
            executor = value;
            return this;
        }

        /** The time, closed with the node. Default: the system's. */
        public Builder time(TimeSource value) {
            time = value;
            return this;
        }

        /** Hears what the node does. */
        public Builder observer(Observer value) {
            observer = value;
            return this;
        }

        /** How long {@link TokenSource#get()} waits at most. Default: 10 s. */
        public Builder wait(Duration value) {
            wait = value;
            return this;
        }

        /** Returns the node. Starts no thread before the first ask. */
        public Node build() {
            return new Node(this);
        }
    }
}
