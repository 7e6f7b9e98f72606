package org.evergrant.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers that send an upload one byte a second, all from one thread: {@code PORT PATH
 * AUTHORIZATION CALLERS SECONDS}. Prints how many connections are open in the end.
 */
public final class SlowCallers {
    private static final int LENGTH = 1_000_000;

    private SlowCallers() {}

    /** Runs the callers to their end. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        String head =
                "PUT "
                        + args[1]
                        + " HTTP/1.1\r\nHost: bench\r\nAuthorization: "
                        + args[2]
                        + "\r\nContent-Length: "
                        + LENGTH
                        + "\r\n\r\n";
        int callers = Integer.parseInt(args[3]);
        long seconds = Long.parseLong(args[4]);
        List<SocketChannel> open = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            SocketChannel one = SocketChannel.open(address);
            one.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
            one.configureBlocking(false);
            open.add(one);
        }
        for (long second = 0; second < seconds; second++) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            open.removeIf(SlowCallers::isOver);
        }
        System.out.println(open.size());
        for (SocketChannel one : open) {
            one.close();
        }
    }

    /** Sends a byte, and looks whether an answer or an end came, neither of which is due. */
    private static boolean isOver(SocketChannel one) {
        try {
            one.write(ByteBuffer.wrap(new byte[] {'x'}));
            return one.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException cut) {
            return true;
        }
    }
}
