package org.evergrant.emulator;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs an emulator as a program of its own. */
public final class EmulatorMain {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int DEFAULT_PORT = 8485;

    private static final String HELP =
            """
            Usage: evergrant emulator [OPTION]...
            A stand-in for a provider of access tokens: Zoom's wire format, any retention.

              --listen HOST:PORT       where to listen (127.0.0.1:8485)
              --retention R            newest-only, indexed:N, newest:N, grace:DURATION, keep-all
                                       or sticky:DURATION (newest-only)
              --lifetime DURATION      how long a token lives (3600s)
              --latency DURATION       how long a mint takes (0ms)
              --api-latency DURATION   how long an API call takes (0ms)
              --app ACCOUNT:CLIENT:SECRET
                                       an app; may be repeated (demo-account:demo-client:demo-secret)
              --help                   this text

            Durations are 250ms, 12s, 5m, 1h.
            """;

    private EmulatorMain() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /** Parses the options, then does as {@link #serve}. Returns the exit code. */
    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("--help")) {
            out.print(HELP);
            return DONE;
        }
        Complaints complaints = new Complaints();
        Emulator.Builder builder = parse(args, complaints);
        if (!complaints.isEmpty()) {
            complaints.lines().forEach(err::println);
            return WRONG_USAGE;
        }
        return serve(builder, out, err);
    }

    /**
     * Starts an emulator, prints its address to {@code out} and its apps to {@code err}, and blocks
     * until the process is told to stop or the thread is interrupted.
     *
     * @return the exit code: 0 after an interrupt, 1 if the address could not be had, 2 if the
     *     settings are impossible
     */
    public static int serve(Emulator.Builder builder, PrintStream out, PrintStream err) {
        try (Emulator emulator = builder.start()) {
            out.println(emulator.url());
            out.flush();
            emulator.state()
                    .apps()
                    .forEach(app -> err.println(app.clientId() + ": " + app.retention()));
            new CountDownLatch(1).await();
            return DONE;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return WRONG_USAGE;
        } catch (IllegalStateException e) {
            err.println(e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DONE;
        }
    }

    static Emulator.Builder parse(List<String> args, Complaints complaints) {
        Emulator.Builder builder = Emulator.builder().listen("127.0.0.1", DEFAULT_PORT);
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            if (equals < 0 && i + 1 == args.size()) {
                complaints.add(name, "no value (see --help)");
                continue;
            }
            String value = equals < 0 ? args.get(++i) : arg.substring(equals + 1);
            try {
                set(builder, name, value);
            } catch (IllegalArgumentException e) {
                complaints.add(name, String.valueOf(e.getMessage()));
            }
        }
        return builder;
    }

    private static void set(Emulator.Builder builder, String name, String value) {
        switch (name) {
            case "--listen" -> listen(builder, value);
            case "--retention" -> builder.retention(Retention.parse(value));
            case "--lifetime" -> builder.lifetime(positive(value));
            case "--latency" -> builder.latency(Durations.parse(value));
            case "--api-latency" -> builder.apiLatency(Durations.parse(value));
            case "--app" -> app(builder, value);
            default -> throw new IllegalArgumentException("no such option (see --help)");
        }
    }

    private static Duration positive(String value) {
        Duration duration = Durations.parse(value);
        if (duration.isZero()) {
            throw new IllegalArgumentException(value + " (expected: above zero)");
        }
        return duration;
    }

    private static void listen(Emulator.Builder builder, String value) {
        int colon = value.lastIndexOf(':');
        int port = -1;
        try {
            port = Integer.parseInt(value.substring(colon + 1));
        } catch (NumberFormatException e) {
            // Complained of below, like a port out of range.
        }
        String host = colon < 1 ? "" : value.substring(0, colon).replaceAll("^\\[|]$", "");
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    Durations.quoted(value) + " (expected: HOST:PORT such as 127.0.0.1:8485)");
        }
        builder.listen(host, port);
    }

    /** The secret is the rest of the text, so that it may hold colons. It is in no complaint. */
    private static void app(Emulator.Builder builder, String value) {
        String[] parts = value.split(":", 3);
        List<String> blank = new ArrayList<>();
        for (String part : parts) {
            if (part.isBlank()) {
                blank.add(part);
            }
        }
        if (parts.length < 3 || !blank.isEmpty()) {
            throw new IllegalArgumentException("not of the form ACCOUNT:CLIENT:SECRET");
        }
        builder.app(parts[0], parts[1], parts[2]);
    }
}
