package org.evergrant.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.evergrant.servers.RawRedis;

/** What is done to a server while it is in use, and undone. */
final class Harm {
    /** No command ends a pause early: a paused server does not take it. */
    private static final long PAUSE_MS = 4000;

    private static final String ORDEAL = ":{ordeal}";

    private final Backend server;
    private final String record;
    private final String format;
    private byte[] before = {};
    private byte[] after = {};

    Harm(Backend server, String prefix) {
        this.server = server;
        this.record = prefix + ORDEAL;
        this.format = prefix + ":format";
    }

    void fill() throws IOException {
        server.say(record, "CONFIG", "SET", "maxmemory-policy", "noeviction");
        server.say(record, "CONFIG", "SET", "maxmemory", "1");
    }

    void drain() throws IOException {
        server.say(record, "CONFIG", "SET", "maxmemory", "0");
    }

    void wantReplicas() throws IOException {
        server.say(record, "CONFIG", "SET", "min-replicas-to-write", "9");
    }

    void wantNoReplicas() throws IOException {
        server.say(record, "CONFIG", "SET", "min-replicas-to-write", "0");
    }

    /** Of a server that is not there, so that nothing changes. */
    void demote() throws IOException {
        server.say(record, "REPLICAOF", "127.0.0.1", "1");
    }

    void promote() throws IOException {
        server.say(record, "REPLICAOF", "NO", "ONE");
    }

    void pause() throws IOException {
        server.say(record, "CLIENT", "PAUSE", PAUSE_MS);
    }

    void goOn() throws IOException {
        server.say(record, "PING");
    }

    void writeNewerRecord() throws IOException {
        try (RawRedis raw = server.raw(record)) {
            before = raw.bytes("HGET", record, "record");
            after = before.clone();
            after[0] = 2;
            raw.call("HINCRBY", record, "version", 1);
            raw.call("HSET", record, "stamp", "newer", "record", after);
        }
    }

    void putRecordBack() throws IOException {
        try (RawRedis raw = server.raw(record)) {
            assertThat(raw.bytes("HGET", record, "record")).isEqualTo(after);
            assertThat(raw.text("HGET", record, "stamp")).isEqualTo("newer");
            raw.call("HINCRBY", record, "version", -1);
            raw.call("HSET", record, "record", before);
        }
    }

    void writeNewerSchema() throws IOException {
        try (RawRedis raw = server.raw(format)) {
            byte[] newer = raw.bytes("GET", format);
            before = newer.clone();
            newer[0] = 2;
            raw.call("SET", format, newer);
        }
        try (RawRedis raw = server.raw(record)) {
            raw.call("HSET", record, "schema", 2, "stamp", "newer");
            after = all(raw);
        }
    }

    void putSchemaBack() throws IOException {
        try (RawRedis raw = server.raw(record)) {
            assertThat(all(raw)).isEqualTo(after);
            raw.call("HSET", record, "schema", 1);
        }
        try (RawRedis raw = server.raw(format)) {
            raw.call("SET", format, before);
        }
    }

    private byte[] all(RawRedis raw) throws IOException {
        List<String> fields = List.of("schema", "version", "stamp", "record");
        StringBuilder all = new StringBuilder();
        for (String field : fields) {
            all.append(Arrays.toString(raw.bytes("HGET", record, field)));
        }
        return all.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
