package org.evergrant.broker.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.evergrant.broker.config.Proxying;
import org.jspecify.annotations.Nullable;

/**
 * One line a call, written by a thread of its own. An event loop never waits for a disk: when more
 * lines come than can be written, lines are left out and counted.
 */
final class AccessLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.broker");

    /** A second's worth at a rate that no disk keeps up with for long. */
    private static final int CAPACITY = 16 * 1024;

    private static final String END = "";

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final Counter left;
    private final @Nullable Thread writer;

    private AccessLog(@Nullable Writer out, MeterRegistry registry) {
        this.left =
                Counter.builder("evergrant.access.log.dropped")
                        .description("Lines that the access log left out, being too slow")
                        .register(registry);
        this.writer =
                out == null
                        ? null
                        : Thread.ofPlatform()
                                .daemon()
                                .name("evergrant-access-log")
                                .start(() -> write(out));
    }

    /**
     * Opens the log; null makes one that writes nothing.
     *
     * @throws UncheckedIOException when the file cannot be written
     */
    static AccessLog open(@Nullable Path place, MeterRegistry registry) {
        if (place == null) {
            return new AccessLog(null, registry);
        }
        try {
            OutputStream out =
                    place.equals(Proxying.STDOUT)
                            ? new FileOutputStream(FileDescriptor.out)
                            : Files.newOutputStream(
                                    place, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new AccessLog(
                    new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)),
                    registry);
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write the access log " + place, unwritable);
        }
    }

    boolean isOn() {
        return writer != null;
    }

    void add(String line) {
        if (!lines.offer(line)) {
            left.increment();
        }
    }

    private void write(Writer out) {
        List<String> some = new ArrayList<>();
        try (out) {
            boolean open = true;
            while (open) {
                some.add(lines.take());
                lines.drainTo(some);
                for (String line : some) {
                    open &= !line.equals(END);
                    out.write(line);
                    out.write(line.equals(END) ? "" : "\n");
                }
                out.flush();
                some.clear();
            }
        } catch (IOException full) {
            LOG.log(System.Logger.Level.ERROR, "the access log cannot be written any more", full);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what is left, for a second at most. */
    @Override
    public void close() {
        if (writer == null) {
            return;
        }
        try {
            lines.put(END);
            writer.join(1000);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }
}
