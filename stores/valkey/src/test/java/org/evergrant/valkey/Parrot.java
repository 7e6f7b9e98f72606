package org.evergrant.valkey;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Refuses everything in the words of an old server, which quote what it was told. */
final class Parrot implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.test");

    private final ServerSocket door;

    private Parrot(ServerSocket door) {
        this.door = door;
    }

    static Parrot start() throws IOException {
        Parrot parrot = new Parrot(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(parrot::run, "parrot");
        thread.setDaemon(true);
        thread.start();
        return parrot;
    }

    int port() {
        return door.getLocalPort();
    }

    private void run() {
        while (!door.isClosed()) {
            try (Socket socket = door.accept()) {
                repeat(socket);
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "the caller hung up", gone);
            }
        }
    }

    private static void repeat(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[4096];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            String said = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
            String answer = "-ERR unknown command " + said.replaceAll("\\s+", " ") + "\r\n";
            int commands = said.split("\\*[0-9]+\r\n", -1).length - 1;
            for (int i = 0; i < commands; i++) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
