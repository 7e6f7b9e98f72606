package org.evergrant.emulator;

/** Why the token endpoint refuses a request, in Zoom's words. All are HTTP 400. */
enum Refusal implements Admission {
    INVALID_CLIENT("Invalid client_id or client_secret", "invalid_client"),
    UNSUPPORTED_GRANT("unsupported grant type", "unsupported_grant_type"),
    BAD_REQUEST("Bad Request", "invalid_request"),
    NOT_ACTIVATED("The app is not activated", "invalid_request"),
    /** No body was ever published: these are the words of Zoom's error 4740. */
    INDEX_OUT_OF_RANGE("The token ID is out of the token tolerance range.", "invalid_request");

    private final String reason;
    private final String error;

    Refusal(String reason, String error) {
        this.reason = reason;
        this.error = error;
    }

    String json() {
        return "{\"reason\":\"" + reason + "\",\"error\":\"" + error + "\"}";
    }
}
