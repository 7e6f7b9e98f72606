package org.evergrant.emulator;

import org.jspecify.annotations.Nullable;

/** The two users of every account: the app's owner, who is also {@code me}, and a colleague. */
final class Users {
    private static final String OWNER = "KDcuGIm1QgePTO8WbOqwIQ";
    private static final String COLLEAGUE = "zJKyaiAyTNC-MWjiWC18KQ";

    private Users() {}

    /** The user's id, given the id, the address, or {@code me}; nothing if there is none. */
    static @Nullable String idOf(AppSettings app, String idOrAddress) {
        return switch (idOrAddress) {
            case "me", OWNER -> OWNER;
            case COLLEAGUE -> COLLEAGUE;
            default ->
                    idOrAddress.equals(address(app, "owner"))
                            ? OWNER
                            : idOrAddress.equals(address(app, "colleague")) ? COLLEAGUE : null;
        };
    }

    static @Nullable String find(AppSettings app, String idOrAddress) {
        String id = idOf(app, idOrAddress);
        return id == null ? null : json(app, id);
    }

    static String list(AppSettings app) {
        return "{\"page_count\":1,\"page_number\":1,\"page_size\":30,\"total_records\":2,"
                + "\"next_page_token\":\"\",\"users\":["
                + json(app, OWNER)
                + ","
                + json(app, COLLEAGUE)
                + "]}";
    }

    private static String address(AppSettings app, String name) {
        return name + "@" + app.clientId() + ".example";
    }

    private static String json(AppSettings app, String id) {
        boolean owner = id.equals(OWNER);
        return "{\"id\":\""
                + id
                + "\",\"first_name\":\""
                + (owner ? "Olga" : "Carl")
                + "\",\"last_name\":\""
                + (owner ? "Owner" : "Colleague")
                + "\",\"email\":\""
                + Json.escaped(address(app, owner ? "owner" : "colleague"))
                + "\",\"type\":2,\"role_name\":\""
                + (owner ? "Owner" : "Member")
                + "\",\"pmi\":"
                + (owner ? "3542471135" : "3542471136")
                + ",\"timezone\":\"Europe/Berlin\",\"verified\":1,\"dept\":\"\","
                + "\"created_at\":\"2022-06-02T08:00:00Z\",\"account_id\":\""
                + Json.escaped(app.accountId())
                + "\",\"language\":\"en-US\",\"status\":\"active\"}";
    }
}
