package org.evergrant.emulator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meetings of one app's account: those that were created, as JSON. */
final class Meetings {
    /** More are not kept: the oldest goes. */
    private static final int MAX_MEETINGS = 1000;

    private static final long FIRST_ID = 85_000_000_001L;

    private final Map<Long, String> meetings = new LinkedHashMap<>();
    private long next = FIRST_ID;

    /** Creates one and returns it. */
    synchronized String create(String host, String topic, String createdAt) {
        long id = next++;
        String json =
                Json.write(out -> {
                    out.writeStringProperty("uuid", Long.toString(id, 36) + "==");
                    out.writeNumberProperty("id", id);
                    out.writeStringProperty("host_id", host);
                    out.writeStringProperty("topic", topic);
                    out.writeNumberProperty("type", 2);
                    out.writeStringProperty("status", "waiting");
                    out.writeStringProperty("created_at", createdAt);
                    out.writeStringProperty("join_url", "https://zoom.us/j/" + id);
                });
        meetings.put(id, json);
        if (meetings.size() > MAX_MEETINGS) {
            meetings.remove(meetings.keySet().iterator().next());
        }
        return json;
    }

    synchronized @Nullable String find(long id) {
        return meetings.get(id);
    }

    synchronized boolean delete(long id) {
        return meetings.remove(id) != null;
    }

    /** A page with all of them, as the API lists meetings. */
    synchronized String list() {
        return "{\"page_size\":30,\"total_records\":"
                + meetings.size()
                + ",\"next_page_token\":\"\",\"meetings\":["
                + String.join(",", meetings.values())
                + "]}";
    }

    synchronized void clear() {
        meetings.clear();
        next = FIRST_ID;
    }
}
