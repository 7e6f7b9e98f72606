package org.evergrant.valkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy on the loopback whose connections can be cut and held up. */
final class Proxy implements AutoCloseable {
    private final ServerSocket door;
    private final String host;
    private volatile int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isDeaf;
    private volatile boolean closed;

    private Proxy(ServerSocket door, String host, int port) {
        this.door = door;
        this.host = host;
        this.port = port;
    }

    static Proxy to(String host, int port) throws IOException {
        Proxy proxy =
                new Proxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), host, port);
        proxy.run("accept", proxy::accept);
        return proxy;
    }

    int port() {
        return door.getLocalPort();
    }

    /** Leads to another port from now on, as a name or an address that moves does. */
    void moveTo(int other) {
        port = other;
        cut();
    }

    /** Cuts all connections. */
    void cut() {
        sockets.forEach(Proxy::drop);
    }

    /** From now on what the server says reaches nobody, and no connection ends. */
    void deafen() {
        isDeaf = true;
    }

    void hear() {
        isDeaf = false;
        cut();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        door.close();
        cut();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket near = door.accept();
                sockets.add(near);
                Socket far = new Socket(host, port);
                sockets.add(far);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                run("ask", () -> pass(near, far, false));
                run("answer", () -> pass(far, near, true));
            } catch (IOException refused) {
                // The server is away, or the proxy closed: the next connection is another one.
                cut();
            }
        }
    }

    private void pass(Socket from, Socket to, boolean answers) {
        byte[] bytes = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (!answers || !isDeaf) {
                    out.write(bytes, 0, count);
                }
            }
        } catch (IOException cut) {
            // As it was asked for.
            drop(from);
        } finally {
            drop(from);
            drop(to);
        }
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
            return;
        }
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
