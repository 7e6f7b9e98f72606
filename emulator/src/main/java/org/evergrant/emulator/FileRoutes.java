package org.evergrant.emulator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Long answers and long requests, of any length in little memory: {@code GET /v2/files/{bytes}} and
 * {@code PUT /v2/files}.
 */
final class FileRoutes {
    /** A multiple of {@link #PERIOD}, so that every chunk is the same. */
    private static final int CHUNK = 251 * 256;

    private static final int PERIOD = 251;
    private static final Buffer PATTERN = pattern();

    private FileRoutes() {}

    /** Byte number i of every file is i modulo 251, so that a byte lost or doubled shows. */
    private static Buffer pattern() {
        byte[] bytes = new byte[CHUNK];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % PERIOD);
        }
        return Buffer.buffer(bytes);
    }

    /** False if the path, given in parts, is none of these routes. */
    static boolean handle(HttpServerRequest request, String[] parts) {
        if (parts.length == 2 && request.method().equals(HttpMethod.GET)) {
            return send(request, parts[1]);
        }
        if (parts.length == 1 && request.method().equals(HttpMethod.PUT)) {
            receive(request);
            return true;
        }
        return false;
    }

    private static boolean send(HttpServerRequest request, String length) {
        long bytes;
        try {
            bytes = Long.parseLong(length);
        } catch (NumberFormatException e) {
            return false;
        }
        if (bytes < 0) {
            return false;
        }
        HttpServerResponse response =
                request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(bytes));
        new Sending(response, bytes).more();
        return true;
    }

    /** Writes as fast as the client reads. */
    private static final class Sending {
        private final HttpServerResponse response;
        private long left;

        Sending(HttpServerResponse response, long left) {
            this.response = response;
            this.left = left;
        }

        void more() {
            while (left > CHUNK && !response.closed()) {
                response.write(PATTERN);
                left -= CHUNK;
                if (response.writeQueueFull()) {
                    response.drainHandler(drained -> more());
                    return;
                }
            }
            if (!response.closed() && !response.ended()) {
                response.end(PATTERN.getBuffer(0, (int) left));
            }
        }
    }

    private static void receive(HttpServerRequest request) {
        MessageDigest digest = sha256();
        long[] bytes = {0};
        request.handler(chunk -> {
            bytes[0] += chunk.length();
            digest.update(chunk.getBytes());
        });
        request.endHandler(end ->
                Answers.json(
                        request,
                        200,
                        "{\"bytes\":"
                                + bytes[0]
                                + ",\"sha256\":\""
                                + HexFormat.of().formatHex(digest.digest())
                                + "\"}"));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
