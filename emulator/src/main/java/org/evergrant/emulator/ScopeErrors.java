package org.evergrant.emulator;

/**
 * What the API says when a token lacks scopes. Zoom was seen to say it in four ways; the last is
 * not even JSON, because its quotes are not escaped.
 */
final class ScopeErrors {
    private ScopeErrors() {}

    static boolean knows(int code) {
        return code == 4711 || code == 4700 || code == 201 || code == 104;
    }

    static int status(int code) {
        return code == 4711 ? 400 : 401;
    }

    static String body(int code, String scopes) {
        String list = Json.escaped(String.join(", ", scopes.trim().split("\\s+", -1)));
        String shown = code == 104 ? "\"" + list + "\"" : list;
        return "{\"code\":"
                + code
                + ",\"message\":\"Invalid access token, does not contain scopes:["
                + shown
                + "].\"}";
    }
}
