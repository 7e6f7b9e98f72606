package org.evergrant.emulator;

import org.jspecify.annotations.Nullable;

/** A request to the token endpoint, as far as it was understood. */
record TokenRequest(
        @Nullable Credentials credentials,
        @Nullable String grantType,
        @Nullable String accountId,
        @Nullable String tokenIndex) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "TokenRequest[" + grantType + "]";
    }
}
