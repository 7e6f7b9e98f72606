package org.evergrant.emulator;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a token by its text, for all apps, with one hash look-up.
 *
 * <p>The texts themselves are not kept: at some 600 characters each they would fill the heap under
 * {@code keep-all}. The key is the end of the signature; the rest of the text is checked by its
 * hash, so that a token changed anywhere is unknown.
 */
final class TokenRegistry {
    private final ConcurrentMap<String, IssuedToken> tokens = new ConcurrentHashMap<>();

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
