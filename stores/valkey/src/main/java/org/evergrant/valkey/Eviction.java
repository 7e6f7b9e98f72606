package org.evergrant.valkey;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Warns of a server that would throw records away to make room for others. */
final class Eviction {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");
    private static final String POLICY = "maxmemory-policy";

    private Eviction() {}

    /**
     * Completes with whether the server is known to keep what it has; a server that does not say is
     * believed. Not for a cluster, in which each node has settings of its own.
     */
    static CompletableFuture<Boolean> warn(ValkeyUrl url, Session session) {
        if (url.kind() == ValkeyUrl.Kind.CLUSTER) {
            return CompletableFuture.completedFuture(false);
        }
        return Commands.send(session, Commands.configuration(POLICY))
                .handle((found, refused) -> refused == null && keeps(url, found));
    }

    private static boolean keeps(ValkeyUrl url, List<byte[]> found) {
        String policy = found.size() < 2 ? "" : Stamp.text(found.get(1));
        boolean keeps = policy.equals("noeviction");
        if (!keeps) {
            LOG.log(
                    Level.WARNING,
                    () ->
                            "the store "
                                    + url
                                    + " has "
                                    + POLICY
                                    + " "
                                    + policy
                                    + " (expected: noeviction; an evicted record is a forgotten"
                                    + " promise)");
        }
        return keeps;
    }
}
