package org.evergrant;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Observer;
import org.evergrant.spi.Store;
import org.evergrant.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * One process's share in keeping tokens alive: it holds the store, the minter and a few threads for
 * any number of apps. Nodes on the same store share their tokens.
 */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester", "UnusedMethod"})
public final class Node implements AutoCloseable {

    private Node(Builder from) {}

    /** Returns a node that shares with nobody: its records live in this process's memory. */
    public static Node create() {
        return builder().build();
    }

    /** Returns a builder for a node with a store of its own choice. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns this node's id, new for every node. */
    public String id() {
        throw new IllegalStateException();
    }

    /**
     * Returns the tokens of {@code app}: the same source for the same {@link App#id}. Touches
     * neither the store nor the provider.
     */
    public TokenSource tokens(App app) {
        throw new IllegalStateException();
    }

    /** Returns the store. */
    public Store store() {
        throw new IllegalStateException();
    }

    /**
     * Ends the node: asks are refused, a mint under way is finished and published, a claim not yet
     * used is given back; then the store, the minter and all threads end. Blocks for at most a
     * mint's deadline.
     */
    @Override
    public void close() {}

    /** Collects the parts of a {@link Node}. */
    public static final class Builder {
        private @Nullable Store store;
        private @Nullable Minter minter;
        private @Nullable Executor executor;
        private @Nullable TimeSource time;
        private Observer observer = Observer.NONE;
        private Duration wait = Duration.ofSeconds(10);
        private final ConcurrentMap<String, UUID> unused = new ConcurrentHashMap<>();

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
