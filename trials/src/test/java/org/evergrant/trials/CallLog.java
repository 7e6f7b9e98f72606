package org.evergrant.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What callers did, in a file that outlives them: one line when a call is sent, one when its answer
 * is there, each handed to the system at once. A token is written as a fingerprint.
 */
final class CallLog implements AutoCloseable {
    private static final int FINGERPRINT = 16;

    /**
     * A call as the log has it.
     *
     * @param handedAt when the caller had the token
     * @param until when the caller was told that the token's time ends
     * @param answeredAt null when the caller was killed before the answer came
     */
    record Call(
            String app,
            String token,
            Instant handedAt,
            Instant until,
            Instant sentAt,
            @Nullable Instant answeredAt,
            int status) {}

    /** An ask that brought no token. */
    record Tokenless(String app, Instant askedAt, Instant at, String reason) {}

    private final FileChannel file;
    private final AtomicLong calls = new AtomicLong();

    /** Opens a file that is there for one process only. */
    CallLog(Path file) throws IOException {
        this.file =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
        write("= " + Instant.now());
    }

    /**
     * Makes one call with the token, logged before and after.
     *
     * @param handedAt when the caller had the token
     * @param until when the caller was told that the token's time ends
     */
    int call(Api api, String app, String token, Instant handedAt, Instant until) {
        long id = calls.incrementAndGet();
        write(
                String.join(
                        " ",
                        ">",
                        Long.toString(id),
                        app,
                        fingerprint(token),
                        handedAt.toString(),
                        until.toString(),
                        Instant.now().toString()));
        int status = api.call(token);
        write("< " + id + " " + status + " " + Instant.now());
        return status;
    }

    void tokenless(String app, Instant askedAt, String reason) {
        String first = reason.lines().findFirst().orElse("");
        write("! " + app + " " + askedAt + " " + Instant.now() + " " + first);
    }

    /** Returns what stands for a token in the log. */
    static String fingerprint(String token) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, FINGERPRINT);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /**
     * Returns the calls in a file; a line that its writer did not finish counts as not written.
     *
     * @param ahead by how much its writer's clock was ahead
     */
    static List<Call> calls(Path file, Duration ahead) throws IOException {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals(">")) {
                Instant handed = Instant.parse(words[4]).minus(ahead);
                Instant until = Instant.parse(words[5]).minus(ahead);
                Instant sent = Instant.parse(words[6]).minus(ahead);
                calls.put(words[1], new Call(words[2], words[3], handed, until, sent, null, 0));
            } else if (words[0].equals("<")) {
                Instant answered = Instant.parse(words[3]).minus(ahead);
                int status = Integer.parseInt(words[2]);
                calls.computeIfPresent(
                        words[1],
                        (id, sent) ->
                                new Call(
                                        sent.app,
                                        sent.token,
                                        sent.handedAt,
                                        sent.until,
                                        sent.sentAt,
                                        answered,
                                        status));
            }
        }
        return List.copyOf(calls.values());
    }

    /** Returns the asks of a file that brought no token. */
    static List<Tokenless> tokenless(Path file, Duration ahead) throws IOException {
        List<Tokenless> all = new ArrayList<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ", 5);
            if (words[0].equals("!")) {
                Instant asked = Instant.parse(words[2]).minus(ahead);
                Instant ended = Instant.parse(words[3]).minus(ahead);
                all.add(new Tokenless(words[1], asked, ended, words[4]));
            }
        }
        return all;
    }

    /** Returns what its writer's clock showed when it began; null when it did not come to that. */
    static @Nullable Instant begun(Path file) throws IOException {
        return lines(file).stream()
                .filter(line -> line.startsWith("= "))
                .findFirst()
                .map(line -> Instant.parse(line.substring(2)))
                .orElse(null);
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.notExists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private void write(String line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            // One write a line: a killed process leaves whole lines.
            file.write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
