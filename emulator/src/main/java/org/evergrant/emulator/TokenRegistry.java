package org.evergrant.emulator;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a token by its text, for all apps, with one hash look-up.
 *
 * <p>The texts themselves are not kept: at some 600 characters each they would fill the heap under
 * {@code keep-all}. The key is the end of the signature; the rest of the text is checked by its
 * hash, so that a token changed anywhere is unknown.
 */
final class TokenRegistry {
    /** What a token costs is about 250 bytes; this leaves more than half of the heap free. */
    private static final long HEAP_PER_TOKEN = 600;

    private final ConcurrentHashMap<String, IssuedToken> tokens = new ConcurrentHashMap<>();
    private final long capacity;

    /** As large as the heap allows. */
    TokenRegistry() {
        this(Runtime.getRuntime().maxMemory() / HEAP_PER_TOKEN);
    }

    TokenRegistry(long capacity) {
        this.capacity = capacity;
    }

    /** Whether another token might not fit into the heap. */
    boolean isFull() {
        return tokens.mappingCount() >= capacity;
    }

    /** Whether it is time to forget what need not be remembered. */
    boolean isCrowded() {
        return tokens.mappingCount() >= capacity / 2;
    }

    void put(IssuedToken token) {
        tokens.put(token.key(), token);
    }

    @Nullable IssuedToken find(String text) {
        IssuedToken token = tokens.get(IssuedToken.keyOf(text));
        return token != null && token.hasText(text) ? token : null;
    }

    void forget(IssuedToken token) {
        tokens.remove(token.key());
    }
}
