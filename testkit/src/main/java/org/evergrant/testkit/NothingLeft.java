package org.evergrant.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Fails a test that leaves something behind: a thread of ours that still runs, or the {@link
 * #CANARY} in a log, on standard output or error, or in the exception that ended the test. Use it
 * with {@code @ExtendWith(NothingLeft.class)}, and the canary wherever the test needs a secret.
 *
 * <p>It looks at threads whose names begin with {@code evergrant} and were not there before the
 * test, and gives them two seconds to end. Tests that use it must not run beside each other in one
 * process, because standard output and logs are one for all.
 */
public final class NothingLeft
        implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    /** A text for secrets and tokens, which must appear nowhere. */
    public static final String CANARY = "canary-8f41c7d02b";

    private static final String OURS = "evergrant";
    private static final Duration ENDING = Duration.ofSeconds(2);
    private static final ExtensionContext.Namespace HERE =
            ExtensionContext.Namespace.create(NothingLeft.class);

    /** Made by JUnit. */
    public NothingLeft() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(HERE).put("watch", new Watched());
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        if (printed.toString().contains(CANARY)) {
            throw new AssertionError(
                    "a " + failure.getClass().getName() + " shows the canary secret");
        }
        throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Watched watched = context.getStore(HERE).remove("watch", Watched.class);
        if (watched != null) {
            watched.check();
        }
    }

    private static final class Watched {
        private final Set<Thread> before = Thread.getAllStackTraces().keySet();
        private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
        private final PrintStream out = System.out;
        private final PrintStream err = System.err;
        private final Logger root = Logger.getLogger("");
        private final Handler handler = new Copying();

        Watched() {
            System.setOut(new PrintStream(new Tee(out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new Tee(err), true, StandardCharsets.UTF_8));
            root.addHandler(handler);
        }

        void check() {
            System.setOut(out);
            System.setErr(err);
            root.removeHandler(handler);
            if (seen.toString(StandardCharsets.UTF_8).contains(CANARY)) {
                throw new AssertionError("a log or the output shows the canary secret");
            }
            if (!Await.holds(ENDING, () -> left().isEmpty())) {
                throw new AssertionError("threads left behind: " + left());
            }
        }

        private List<String> left() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith(OURS))
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .sorted()
                    .collect(Collectors.toList());
        }

        private void copy(byte[] bytes, int from, int length) {
            seen.write(bytes, from, length);
        }

        /** Writes on to where it would have gone. */
        private final class Tee extends OutputStream {
            private final PrintStream to;

            private Tee(PrintStream to) {
                this.to = to;
            }

            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                copy(bytes, from, length);
                to.write(bytes, from, length);
            }
        }

        /**
         * Sees what is logged, with parameters and stack traces, at any level the logger lets by.
         */
        private final class Copying extends Handler {
            @Override
            public void publish(LogRecord logged) {
                StringWriter text = new StringWriter();
                text.append(String.valueOf(logged.getMessage()));
                Object[] parameters = logged.getParameters();
                text.append(parameters == null ? "" : java.util.Arrays.toString(parameters));
                if (logged.getThrown() != null) {
                    logged.getThrown().printStackTrace(new PrintWriter(text));
                }
                byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                copy(bytes, 0, bytes.length);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }
    }
}
