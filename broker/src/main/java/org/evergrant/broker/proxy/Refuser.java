package org.evergrant.broker.proxy;

import io.vertx.core.http.HttpServerRequest;

/** Says to a caller why there is no answer from the API. */
@FunctionalInterface
public interface Refuser {
    /**
     * Answers the request, if nothing was answered yet.
     *
     * @param why a {@link Refusal}, or one of the core's exceptions
     * @return the status
     */
    int refuse(HttpServerRequest request, Throwable why);
}
