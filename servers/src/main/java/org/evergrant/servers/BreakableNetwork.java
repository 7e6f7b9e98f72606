package org.evergrant.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port on loopback that passes everything on to another, until it is told to cut, to delay, to
 * hold back or to let nobody in.
 */
public final class BreakableNetwork implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final ServerSocket door;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flows = lock.newCondition();
    private volatile boolean held;
    private volatile boolean refused;
    private volatile long delayNanos;
    private volatile boolean closed;

    private BreakableNetwork(ServerSocket door, InetSocketAddress target) {
        this.door = door;
        this.target = target;
    }

    /** Returns a way to a port on loopback. */
    public static BreakableNetwork to(int port) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        BreakableNetwork network =
                new BreakableNetwork(
                        new ServerSocket(0, 50, loopback), new InetSocketAddress(loopback, port));
        run("network-door", network::admit);
        return network;
    }

    /** Returns the port to connect to. */
    public int port() {
        return door.getLocalPort();
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

    /** Takes so much longer for each piece, in each direction. */
    public void delay(java.time.Duration value) {
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
        run("network-there", () -> pass(near, far));
        run("network-back", () -> pass(far, near));
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            // Both ends are told below, whoever was first.
            reset(from);
        }
        end(from);
        end(to);
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
