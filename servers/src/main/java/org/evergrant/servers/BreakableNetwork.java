package org.evergrant.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A port on loopback that passes everything on to another, until it is told to cut, to delay, to
 * hold back, to swallow or to let nobody in.
 */
public final class BreakableNetwork implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final ServerSocket door;
    private volatile InetSocketAddress target;
    private final @Nullable UnaryOperator<String> answers;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flows = lock.newCondition();
    private volatile boolean held;
    private volatile boolean deaf;
    private volatile boolean refused;
    private volatile long delayNanos;
    private volatile boolean closed;

    private BreakableNetwork(
            ServerSocket door, InetSocketAddress target, @Nullable UnaryOperator<String> answers) {
        this.door = door;
        this.target = target;
        this.answers = answers;
    }

    /** Returns a way to a port on loopback. */
    public static BreakableNetwork to(int port) throws IOException {
        return to("127.0.0.1", port);
    }

    /** Returns a way to a port. */
    public static BreakableNetwork to(String host, int port) throws IOException {
        return open(new InetSocketAddress(host, port), null);
    }

    /**
     * Returns a way to a port on loopback that puts other words into the answers, as a gateway does
     * that has the addresses of one network for those of another.
     *
     * @param answers is given whole lines, in ISO 8859-1
     */
    public static BreakableNetwork to(int port, UnaryOperator<String> answers) throws IOException {
        return open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), answers);
    }

    private static BreakableNetwork open(
            InetSocketAddress target, @Nullable UnaryOperator<String> answers) throws IOException {
        BreakableNetwork network =
                new BreakableNetwork(
                        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, answers);
        run("network-door", network::admit);
        return network;
    }

    /** Returns the port to connect to. */
    public int port() {
        return door.getLocalPort();
    }

    /** Leads to another port from now on, as a name or an address that moves does. */
    public void moveTo(int port) {
        target = new InetSocketAddress(target.getAddress(), port);
        cut();
    }

    /** Resets every connection there is, in the midst of what it carries. */
    public void cut() {
        open.forEach(BreakableNetwork::reset);
    }

    /** Lets nobody in any more, or again. */
    public void refuse(boolean value) {
        refused = value;
    }

    /** Keeps back every byte, as if the other end had vanished, or lets all of them go on. */
    public void hold(boolean value) {
        lock.lock();
        try {
            held = value;
            flows.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on what the other end says reaches nobody, and no connection ends. */
    public void deafen() {
        deaf = true;
    }

    /** Lets answers through again, and ends the connections whose answers were lost. */
    public void hear() {
        deaf = false;
        cut();
    }

    /** Takes so much longer for each piece, in each direction. */
    public void delay(Duration value) {
        delayNanos = value.toNanos();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        hold(false);
        door.close();
        cut();
    }

    private void admit() {
        while (!closed) {
            try {
                Socket near = door.accept();
                if (refused) {
                    reset(near);
                } else {
                    connect(near);
                }
            } catch (IOException broken) {
                if (!closed) {
                    throw new java.io.UncheckedIOException(broken);
                }
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far = new Socket();
        try {
            far.connect(target);
        } catch (IOException away) {
            reset(near);
            return;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        run("network-there", () -> pass(near, far, false));
        run("network-back", () -> pass(far, near, true));
    }

    private void pass(Socket from, Socket to, boolean back) {
        byte[] buffer = new byte[BUFFER];
        UnaryOperator<String> words = back ? answers : null;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int length = words == null ? read : toLineEnd(in, buffer, read);
                awaitFlow();
                if (words != null) {
                    String said = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                    out.write(words.apply(said).getBytes(StandardCharsets.ISO_8859_1));
                } else if (!back || !deaf) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException cut) {
            // Both ends are told below, whoever was first.
            reset(from);
        }
        end(from);
        end(to);
    }

    /** Reads on until the last byte ends a line; returns how many bytes there are. */
    private static int toLineEnd(InputStream in, byte[] buffer, int read) throws IOException {
        int length = read;
        while (buffer[length - 1] != '\n' && length < buffer.length) {
            int more = in.read(buffer, length, buffer.length - length);
            if (more < 0) {
                return length;
            }
            length += more;
        }
        return length;
    }

    private void awaitFlow() {
        if (delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
        }
        lock.lock();
        try {
            while (held) {
                flows.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException closedAlready) {
            return;
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (SocketException closedAlready) {
            return;
        } catch (IOException closedAlready) {
            return;
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
