package org.evergrant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/**
 * A provider at the level of bytes: reads one request a connection and answers what it was given.
 */
final class RawServer implements AutoCloseable {
    /** What happens once the request was read. */
    interface Behaviour {
        void answer(Socket connection, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final boolean reading;

    private RawServer(ServerSocket server, boolean reading, Behaviour behaviour) {
        this.server = server;
        this.reading = reading;
        this.behaviour = behaviour;
        Thread thread = new Thread(this::serve, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    static RawServer that(Behaviour behaviour) {
        return new RawServer(loopback(), true, behaviour);
    }

    /** Says this to whoever says anything, be it HTTP or not, and waits for the peer to go. */
    static RawServer saying(String words) {
        return new RawServer(
                loopback(),
                false,
                (connection, out) -> {
                    InputStream in = connection.getInputStream();
                    int heard = in.read(new byte[4096]);
                    out.write(words.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    while (heard >= 0) {
                        heard = in.read();
                    }
                });
    }

    /** Takes the connection and closes it without reading a byte. */
    static RawServer deaf() {
        return new RawServer(loopback(), false, (connection, out) -> connection.close());
    }

    /** Answers over TLS. */
    static RawServer overTls(SSLContext tls, Behaviour behaviour) {
        try {
            return new RawServer(
                    tls.getServerSocketFactory()
                            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                    true,
                    behaviour);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Answers with this status, these header lines and this body, of the right length. */
    static RawServer answering(String status, String headers, String body) {
        return that((connection, out) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            // Said, as it is done: a client that kept the connection could send on it once more.
            String framing = "Connection: close\r\nContent-Length: " + bytes.length + "\r\n";
            out.write(
                    ("HTTP/1.1 " + status + "\r\n" + framing + headers + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.write(bytes);
        });
    }

    static RawServer answeringJson(String body) {
        return answering("200 OK", "Content-Type: application/json\r\n", body);
    }

    /** Takes the request and says nothing until it is closed. */
    static RawServer silent() {
        CountDownLatch[] until = new CountDownLatch[1];
        RawServer server = that((connection, out) -> until[0].await());
        until[0] = server.closing;
        return server;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/oauth/token");
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns the requests read so far, head and body. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connections.add(connection);
                if (reading) {
                    requests.add(request(connection.getInputStream()));
                }
                behaviour.answer(connection, connection.getOutputStream());
                connection.getOutputStream().flush();
            } catch (IOException | InterruptedException over) {
                // The peer went away, or the test is over.
            }
        }
    }

    private static ServerSocket loopback() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        int length = -1;
        while (length < 0 || text.length() < length) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
            if (length < 0 && text.indexOf("\r\n\r\n") > 0) {
                String head = text.toString();
                int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
                int body = at < 0 ? 0 : number(head, at + "content-length:".length());
                length = text.length() + body;
            }
        }
        return text.toString();
    }

    private static int number(String head, int from) {
        return Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).strip());
    }
}
