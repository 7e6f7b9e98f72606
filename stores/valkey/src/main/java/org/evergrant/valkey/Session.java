package org.evergrant.valkey;

import io.lettuce.core.protocol.AsyncCommand;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A way to the servers that carries commands. Nothing here blocks, and nothing is sent twice: a
 * command whose connection breaks fails, whether or not the server has carried it out.
 */
interface Session {

    /** Sends commands, each to where its key lies; they complete by themselves. */
    void send(Collection<AsyncCommand<String, byte[], ?>> commands);

    /**
     * Sends the command and, right behind it on the same connection, WAIT, which answers how many
     * replicas have everything that this connection wrote.
     *
     * @param command makes the command, again for each redirection by a cluster
     */
    <T> CompletableFuture<Replicated<T>> sendAndWait(
            String key, Supplier<AsyncCommand<String, byte[], T>> command, int replicas);

    /** Returns whether it is of any use. */
    boolean isOpen();

    /**
     * Returns whether to open another one when this one gave no answer in time. The connections of
     * a cluster serve apps that have nothing to do with it, and come back by themselves.
     */
    boolean isReplaceable();

    /** Gives the connections back; completes when they are closed. */
    CompletableFuture<Void> close();

    /** An answer, and how many replicas have what it is about. */
    record Replicated<T>(T answer, long replicas) {}
}
