package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.evergrant.spi.Store;

/**
 * One way in which a {@link StoreFailure} comes to a store.
 *
 * <p>{@link #of} is the usual one: the contract keeps the store busy with several threads, breaks
 * it under them, heals it, and judges every single call. A way that needs a process of its own, say
 * one without the power to write to any file, calls {@link #suffer} there and is {@link #elsewhere}
 * here. {@link #none} says that the failure cannot come to this store, and why.
 */
public interface StoreLane {
    /** Too short a reason is none. */
    int SHORTEST_REASON = 20;

    /** Within this every call has to end, and a store that was healed has to work again. */
    Duration PATIENCE = Duration.ofSeconds(15);

    /** Something that a lane does. */
    @FunctionalInterface
    interface Step {
        /** Does it. */
        void run() throws Exception;
    }

    /** Opens a handle. */
    @FunctionalInterface
    interface Opener {
        /** Returns a new handle on the same records. */
        Store open() throws Exception;
    }

    /** Returns a few words that name the way. */
    String name();

    /** Goes through the failure, and fails where the store does not keep its word. */
    void suffer(StoreFailure failure) throws Exception;

    /**
     * Returns a way to break a store and to heal it.
     *
     * @param name a few words
     * @param opener opens handles; two of them are opened before the failure, and the same two have
     *     to work after it
     * @param breaks begins the failure; from now on calls fail, if not all then again and again
     * @param heals ends it. Where somebody newer wrote, it puts back what was there before, and
     *     fails if what was newer has been touched meanwhile
     */
    static StoreLane of(String name, Opener opener, Step breaks, Step heals) {
        return lane(
                name, failure -> new StoreOrdeal(failure, opener, breaks, heals, PATIENCE).run());
    }

    /**
     * Returns a way that is gone through in a process of its own: {@code step} fails if it failed.
     */
    static StoreLane elsewhere(String name, Step step) {
        return lane(name, failure -> step.run());
    }

    /** Says that the failure cannot come to this store. */
    static StoreLane none(String reason) {
        return lane(
                "none: " + reason,
                failure ->
                        assertThat(reason.strip())
                                .as("the reason why %s cannot come to this store", failure)
                                .hasSizeGreaterThan(SHORTEST_REASON));
    }

    private static StoreLane lane(String name, Sufferance sufferance) {
        return new StoreLane() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void suffer(StoreFailure failure) throws Exception {
                sufferance.of(failure);
            }
        };
    }

    /** What becomes of a failure. */
    @FunctionalInterface
    interface Sufferance {
        /** Goes through it. */
        void of(StoreFailure failure) throws Exception;
    }
}
