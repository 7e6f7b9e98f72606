package org.evergrant.broker.proxy;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A call that is over.
 *
 * @param path null where it could not be read
 * @param status as the caller saw it; 499 when it left before
 * @param replayed whether it was made again after a 401 about the token
 * @param waitNs how long it waited for its turn and for tokens; negative if it never did
 * @param upstreamNs how long its API took to begin an answer; negative if it was never asked
 */
record Ended(
        String caller,
        HttpServerRequest request,
        @Nullable ApiPath path,
        int status,
        boolean replayed,
        long waitNs,
        long upstreamNs) {}
