package org.evergrant.cli;

import java.io.IOException;
import java.io.InputStream;
import org.evergrant.broker.Broker;
import org.evergrant.broker.config.Configuration;

/**
 * The broker of the demo, in a process of its own: {@code evergrant serve} by environment, but that
 * it prints its address, so that the port may be any, and ends when stdin does, so that it never
 * outlives the demo.
 */
final class DemoBroker {
    private DemoBroker() {}

    public static void main(String[] args) throws IOException {
        Broker broker = start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
        System.out.println(broker.url());
        System.out.flush();
        drain(System.in);
        System.exit(Exit.DONE);
    }

    private static Broker start() {
        try {
            return Broker.start(Configuration.fromEnvironment(System.getenv()));
        } catch (RuntimeException failure) {
            // The demo shows what is written here; a stack trace would say less in more lines.
            System.err.println(failure.getMessage());
            System.exit(Exit.FAILED);
            throw failure;
        }
    }

    private static void drain(InputStream in) throws IOException {
        int read = in.read();
        while (read >= 0) {
            read = in.read();
        }
    }
}
