package org.evergrant.broker.config;

import org.evergrant.Secret;

/**
 * What old callers sign their own tokens with, as Zoom's JWT apps did until September 2023.
 *
 * @param key the API key, the {@code iss} of their tokens
 * @param secret the API secret, the key of the signature; at least 32 bytes, as RFC 7518 section
 *     3.2 has it for HS256
 */
public record LegacyJwt(String key, Secret secret) {
    /** RFC 7518 section 3.2. */
    static final int LEAST_BYTES = 32;
}
