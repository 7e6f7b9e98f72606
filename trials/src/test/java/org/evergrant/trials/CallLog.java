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
     * @param answeredAt null when the caller was killed before the answer came
     */
    record Call(
            String app, String token, Instant sentAt, @Nullable Instant answeredAt, int status) {}

    /** An ask that brought no token. */
    record Tokenless(String app, Instant at, String reason) {}

    private final FileChannel file;
    private final AtomicLong calls = new AtomicLong();

    /** Opens a file that is there for one process only. */
    CallLog(Path file) throws IOException {
        this.file =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
    }

    /** Makes one call with the token, logged before and after. */
    int call(Api api, String app, String token) {
        long id = calls.incrementAndGet();
        write("> " + id + " " + app + " " + fingerprint(token) + " " + Instant.now());
        int status = api.call(token);
        write("< " + id + " " + status + " " + Instant.now());
        return status;
    }

    void tokenless(String app, String reason) {
        write("! " + app + " " + Instant.now() + " " + reason.lines().findFirst().orElse(""));
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

    /** Returns the calls in a file; a line that its writer did not finish counts as not written. */
    static List<Call> calls(Path file) throws IOException {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals(">")) {
                calls.put(words[1], new Call(words[2], words[3], Instant.parse(words[4]), null, 0));
            } else if (words[0].equals("<")) {
                Instant answered = Instant.parse(words[3]);
                int status = Integer.parseInt(words[2]);
                calls.computeIfPresent(
                        words[1],
                        (id, sent) ->
                                new Call(sent.app, sent.token, sent.sentAt, answered, status));
            }
        }
        return List.copyOf(calls.values());
    }

    /** Returns the asks of a file that brought no token. */
    static List<Tokenless> tokenless(Path file) throws IOException {
        List<Tokenless> all = new ArrayList<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ", 4);
            if (words[0].equals("!")) {
                all.add(new Tokenless(words[1], Instant.parse(words[2]), words[3]));
            }
        }
        return all;
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
