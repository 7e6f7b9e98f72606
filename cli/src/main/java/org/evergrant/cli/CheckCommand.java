package org.evergrant.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.evergrant.App;
import org.evergrant.EvergrantException;
import org.evergrant.broker.config.Configuration;
import org.evergrant.spi.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the configuration, the store and the way to the provider. */
@Command(
        name = "check",
        description =
                "Checks the configuration, the store and the way to each provider. Mints nothing.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Every fault is named, one a line. 0: all is well; 1: a file or key of the store is"
                    + " wrong;",
            "2: the configuration is wrong; 75: the store or a provider cannot be reached.",
            "",
            "  evergrant check --config evergrant.yaml",
            "  evergrant check --offline         the configuration alone"
        })
final class CheckCommand implements Callable<Integer> {
    private static final int TIMEOUT_MS = 5000;

    @Mixin private Configured configured = new Configured();

    @Option(names = "--offline", description = "Looks at the configuration only.")
    private boolean offline;

    @Override
    public Integer call() {
        Configuration configuration = configured.read();
        System.out.println("configuration  " + configuration.source() + ": good");
        if (offline) {
            return Exit.DONE;
        }
        int code = store(configuration);
        for (App app : configuration.apps().values()) {
            try {
                reach(app.tokenUrl());
                System.out.println(
                        "app            " + app.id() + ": reaches " + host(app) + ", " + rule(app));
            } catch (IOException away) {
                System.err.println(
                        "app " + app.id() + ": cannot reach " + host(app) + ": " + said(away));
                code = code == Exit.DONE ? Exit.LATER : code;
            }
        }
        return code;
    }

    /** What is wrong with the store must not hide what is wrong with the providers. */
    private static int store(Configuration configuration) {
        try (Store store = configuration.openStore()) {
            configuration.apps().values().forEach(app -> store.read(app.recordId()));
            System.out.println("store          " + configuration.store() + ": good");
            return Exit.DONE;
        } catch (EvergrantException wrong) {
            System.err.println("evergrant: " + wrong.getMessage());
            return Main.code(wrong);
        }
    }

    private static String rule(App app) {
        String promise =
                "promises end " + Shown.length(app.margin()) + " before expiry at the most";
        return app.retention() + ", " + promise;
    }

    private static void reach(URI url) throws IOException {
        boolean tls = "https".equals(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
        InetAddress address = InetAddress.getByName(url.getHost());
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, port), TIMEOUT_MS);
            plain.setSoTimeout(TIMEOUT_MS);
            if (tls) {
                SSLSocketFactory sockets = (SSLSocketFactory) SSLSocketFactory.getDefault();
                try (SSLSocket secure =
                        (SSLSocket) sockets.createSocket(plain, url.getHost(), port, true)) {
                    secure.startHandshake();
                }
            }
        }
    }

    private static String host(App app) {
        return app.tokenUrl().getAuthority();
    }

    private static String said(IOException away) {
        return away instanceof UnknownHostException
                ? "its name is not known"
                : String.valueOf(away.getMessage());
    }
}
