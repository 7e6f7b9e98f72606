package org.evergrant.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of a Valkey or Redis in forty lines, which shares nothing with the store's. */
public final class RawRedis implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final InputStream in;

    private RawRedis(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a server on loopback. */
    public static RawRedis to(int port) throws IOException {
        return to("127.0.0.1", port);
    }

    /** Connects to a server. */
    public static RawRedis to(String host, int port) throws IOException {
        Socket socket = new Socket(host, port);
        socket.setSoTimeout(TIMEOUT_MS);
        return new RawRedis(socket);
    }

    /** Returns the answer: text, a number, bytes as ISO 8859-1, a list, or null. */
    public @Nullable Object call(Object... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "*" + words.length + "\r\n");
        for (Object word : words) {
            byte[] bytes =
                    word instanceof byte[] raw
                            ? raw
                            : word.toString().getBytes(StandardCharsets.UTF_8);
            write(out, "$" + bytes.length + "\r\n");
            out.writeBytes(bytes);
            write(out, "\r\n");
        }
        socket.getOutputStream().write(out.toByteArray());
        return answer();
    }

    /** Returns the answer as text. */
    public String text(Object... words) throws IOException {
        return String.valueOf(call(words));
    }

    /** Returns a binary answer. */
    public byte[] bytes(Object... words) throws IOException {
        return text(words).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the next of the answers that one word brings again and again, as MONITOR does. */
    public @Nullable Object next() throws IOException {
        return answer();
    }

    private @Nullable Object answer() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new IOException(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new IOException("no RESP2: " + line);
        };
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        line();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private List<@Nullable Object> list(int length) throws IOException {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            all.add(answer());
        }
        return all;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\r'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server hung up");
            }
            line.append((char) octet);
        }
        in.read();
        return line.toString();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
