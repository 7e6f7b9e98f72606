package org.evergrant.valkey;

import java.io.IOException;
import org.evergrant.servers.RawRedis;

/** What a contract runs on. */
interface Backend extends AutoCloseable {

    /** Returns how a store is opened. */
    String url(String options);

    /** Returns a connection to the server that holds {@code key} now. */
    RawRedis raw(String key) throws IOException;

    /** Says one thing to the server that holds {@code key} now. */
    default String say(String key, Object... words) throws IOException {
        try (RawRedis raw = raw(key)) {
            return raw.text(words);
        }
    }

    @Override
    void close() throws IOException;
}
