package org.evergrant.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.evergrant.broker.config.Listen;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.EmulatorMain;
import org.evergrant.emulator.Retention;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Stands in for a provider. */
@Command(
        name = "emulator",
        description =
                "Stands in for a provider: Zoom's wire format, any retention, faults on demand.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "For tests and demos. Its control routes (/_emulator/…) have no authentication.",
            "",
            "  evergrant emulator --retention newest-only --lifetime 30s",
            "  curl -X POST '127.0.0.1:8485/_emulator/rival?client_id=demo-client'"
        })
final class EmulatorCommand implements Callable<Integer> {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = ListenOption.class,
            description = "Where to listen (default: 127.0.0.1:8485).")
    private Listen listen = Listen.parse("127.0.0.1:8485");

    @Option(
            names = "--retention",
            paramLabel = "R",
            converter = RetentionOption.class,
            description = {
                "What a mint does to earlier tokens: newest-only, indexed:N, newest:N,"
                        + " grace:DURATION, keep-all or sticky:DURATION (default: newest-only)."
            })
    private Retention retention = Retention.newestOnly();

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long a token lives (default: 3600s).")
    private Duration lifetime = Duration.ofHours(1);

    @Option(
            names = "--latency",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long a mint takes (default: 0ms).")
    private Duration latency = Duration.ZERO;

    @Option(
            names = "--app",
            paramLabel = "ACCOUNT:CLIENT:SECRET",
            converter = AppOption.class,
            description = {
                "An app; may be given again (default: demo-account:demo-client:demo-secret)."
            })
    private List<Registration> apps = new ArrayList<>();

    @Override
    public Integer call() {
        Emulator.Builder builder =
                Emulator.builder()
                        .listen(listen.host(), listen.port())
                        .retention(retention)
                        .lifetime(lifetime)
                        .latency(latency);
        apps.forEach(app -> builder.app(app.account, app.client, app.secret));
        return EmulatorMain.serve(builder, System.out, System.err);
    }

    /** One app of the emulator. */
    record Registration(String account, String client, String secret) {}

    /** Reads {@code ACCOUNT:CLIENT:SECRET}; the secret may have colons. */
    static final class AppOption implements ITypeConverter<Registration> {
        @Override
        public Registration convert(String text) {
            String[] parts = text.split(":", 3);
            if (parts.length < 3
                    || parts[0].isEmpty()
                    || parts[1].isEmpty()
                    || parts[2].isEmpty()) {
                throw new TypeConversionException("expected ACCOUNT:CLIENT:SECRET");
            }
            return new Registration(parts[0], parts[1], parts[2]);
        }
    }

    /** Reads {@code HOST:PORT}. */
    static final class ListenOption implements ITypeConverter<Listen> {
        @Override
        public Listen convert(String text) {
            try {
                return Listen.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** Reads a retention. */
    static final class RetentionOption implements ITypeConverter<Retention> {
        @Override
        public Retention convert(String text) {
            try {
                return Retention.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
