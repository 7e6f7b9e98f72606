package org.evergrant.valkey;

import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.AsyncCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.evergrant.AppId;
import org.evergrant.MisconfiguredException;
import org.evergrant.StoreException;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.RecordCodec;
import org.evergrant.spi.Seal;
import org.evergrant.spi.Store;
import org.evergrant.spi.Watches;
import org.jspecify.annotations.Nullable;

/**
 * Records in a Valkey or Redis (6.2 or later), for all processes of all machines that reach it: one
 * server, a primary that sentinels know, or a cluster. Tokens are sealed before they leave this
 * process.
 *
 * <p>A change is heard by other processes within about one round trip, and by this one at once. A
 * call takes at most six seconds, four for a new connection and two for the command; then, and at
 * once while the server refuses connections, it ends in a {@link StoreException}. A {@link
 * MisconfiguredException} means that the URL, the key or what lies there is not what it should be.
 *
 * <p>What the server acknowledges is as durable as it is set up to be; {@code docs/guarantees.md}
 * says what a failover can lose, and {@code docs/guide/valkey.md} how to set it up.
 */
public final class ValkeyStore implements Store {
    private final ValkeyUrl url;
    private final Keys keys;
    private final RecordCodec codec;
    private final Link link;
    private final Lane lane;
    private final Changes changes;
    private final Watches watches = new Watches();
    private final ConcurrentMap<AppId, Stamp> stamps = new ConcurrentHashMap<>();
    private final Set<AppId> unreplicated = ConcurrentHashMap.newKeySet();
    private final String writer = Stamp.writer();
    private final AtomicBoolean closed = new AtomicBoolean();

    private ValkeyStore(Builder builder, Seal seal) {
        this.url = builder.url;
        this.keys = new Keys(url.prefix());
        this.codec = RecordCodec.sealedBy(seal);
        this.link = Link.to(url);
        Format format = new Format(url, keys.format(), seal);
        this.lane = new Lane(url, link, format, new Failures(url), builder.wait);
        this.changes =
                new Changes(
                        link,
                        lane,
                        keys,
                        watches,
                        writer,
                        this::news,
                        builder.wait,
                        builder.period);
    }

    /**
     * Opens the store that {@code url} names, sealed by {@code seal}, which must be the same in all
     * processes.
     *
     * @throws IllegalArgumentException with every fault of the URL; see {@link ValkeyUrl}
     * @throws MisconfiguredException when the key is another one than the store was made with, the
     *     server refuses the user, or its certificate is not trusted
     * @throws StoreException when it cannot be reached now
     */
    public static ValkeyStore open(String url, Seal seal) {
        return builder(ValkeyUrl.parse(url)).seal(seal).open();
    }

    /** Returns a builder for the store that {@code url} names. */
    public static Builder builder(ValkeyUrl url) {
        return new Builder(url);
    }

    @Override
    public Versioned read(AppId app) {
        List<byte[]> found = lane.call(session -> fields(session, app));
        byte[] schema = found.get(0);
        byte[] version = found.get(1);
        byte[] mark = found.get(2);
        byte[] record = found.get(3);
        if (schema != null) {
            Format.refuseNewer(url, number(app, schema));
        }
        if (version == null || mark == null || record == null) {
            if (version != null || mark != null || record != null) {
                throw damaged(app, "a part of it is missing");
            }
            stamps.remove(app);
            changes.read(app, Stamp.NONE);
            return new Versioned(0, AppRecord.EMPTY);
        }
        Stamp stamp = new Stamp(number(app, version), Stamp.text(mark));
        AppRecord decoded = codec.decode(app, record);
        stamps.put(app, stamp);
        changes.read(app, stamp);
        return new Versioned(stamp.version(), decoded);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The version that was read stands for the write that was read: where a failover gave its
     * number to another write as well, the answer is no. Where this store never read the record,
     * the number is all there is.
     */
    @Override
    public boolean cas(AppId app, long version, AppRecord record) {
        refuseClosed();
        Stamp unread = new Stamp(version, Stamp.NONE.mark());
        Stamp before = version == 0 ? unread : stamps.getOrDefault(app, unread);
        if (before.version() != version) {
            // Not what this process read last, so somebody moved on since.
            return false;
        }
        Stamp after = Stamp.after(version, writer);
        byte[] written = codec.encode(app, record);
        List<byte[]> values =
                List.of(
                        Stamp.ascii(Integer.toString(Format.SCHEMA)),
                        before.versionBytes(),
                        before.markBytes(),
                        after.versionBytes(),
                        after.markBytes(),
                        written,
                        Stamp.ascii(Long.toString(Keeping.of(record, Instant.now()).toMillis())),
                        Stamp.ascii(keys.changes()),
                        Said.line(codec, app, after, written));
        Session.Replicated<Long> outcome;
        try {
            outcome = lane.call(session -> write(session, app, values));
        } catch (RuntimeException unanswered) {
            changes.unsure(app, after);
            throw unanswered;
        }
        Format.refuseNewer(url, -outcome.answer());
        if (outcome.answer() == 0) {
            return false;
        }
        stamps.put(app, after);
        changes.written(app, after);
        confirm(app, outcome.replicas());
        return true;
    }

    /** Returns what was said, and takes its stamp for one that was read. */
    private Versioned news(Said said) {
        AppId app = said.app();
        if (unreplicated.contains(app)) {
            return read(app);
        }
        Versioned news = said.read(codec);
        stamps.merge(
                app,
                said.stamp(),
                (read, heard) -> heard.version() > read.version() ? heard : read);
        return news;
    }

    @Override
    public Watch watch(AppId app, Listener listener) {
        refuseClosed();
        Watch watch = watches.open(app, listener);
        changes.start();
        return watch;
    }

    /**
     * Returns the server's clock. All nodes of a cluster read the same server's; after a failover
     * it is another machine's.
     */
    @Override
    public Instant now() {
        List<byte[]> time =
                lane.call(session ->
                        url.kind() == ValkeyUrl.Kind.CLUSTER
                                ? clock(session)
                                : Commands.send(session, Commands.time()));
        return Instant.ofEpochSecond(
                Long.parseLong(Stamp.text(time.get(0))),
                TimeUnit.MICROSECONDS.toNanos(Long.parseLong(Stamp.text(time.get(1)))));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watches.close();
            changes.close();
            lane.close();
            link.close();
        }
    }

    /** Returns where it is, without the password. */
    @Override
    public String toString() {
        return "ValkeyStore[" + url + "]";
    }

    /** Where the last write is not known to be replicated, the read waits for it. */
    private CompletableFuture<List<byte[]>> fields(Session session, AppId app) {
        String key = keys.record(app);
        if (!unreplicated.contains(app)) {
            return Commands.send(session, read(key).get());
        }
        return session.sendAndWait(key, read(key), url.waitReplicas())
                .thenApply(found -> {
                    confirm(app, found.replicas());
                    return found.answer();
                });
    }

    private static Supplier<AsyncCommand<String, byte[], List<byte[]>>> read(String key) {
        return () -> Commands.hmget(key, "schema", "version", "stamp", "record");
    }

    private CompletableFuture<Session.Replicated<Long>> write(
            Session session, AppId app, List<byte[]> values) {
        String key = keys.record(app);
        return Commands.run(
                Script.CAS,
                () -> new IntegerOutput<>(Commands.CODEC),
                key,
                values,
                command ->
                        url.waitReplicas() > 0
                                ? session.sendAndWait(key, command, url.waitReplicas())
                                : Commands.send(session, command.get())
                                        .thenApply(done -> new Session.Replicated<>(done, 0)));
    }

    private CompletableFuture<List<byte[]>> clock(Session session) {
        return Commands.run(
                Script.NOW,
                () -> new ValueListOutput<>(Commands.CODEC),
                keys.format(),
                List.of(),
                command -> Commands.send(session, command.get()));
    }

    /** Throws where too few replicas have what was written or read. */
    private void confirm(AppId app, long replicas) {
        if (replicas >= url.waitReplicas()) {
            unreplicated.remove(app);
            return;
        }
        unreplicated.add(app);
        throw new StoreException(
                "the store "
                        + url
                        + " has the record of app "
                        + app
                        + " on "
                        + replicas
                        + " replicas (expected: "
                        + url.waitReplicas()
                        + ", as wait-replicas says)");
    }

    private long number(AppId app, byte[] text) {
        try {
            return Long.parseLong(Stamp.text(text));
        } catch (NumberFormatException wrong) {
            throw damaged(app, "a number is none");
        }
    }

    private StoreException damaged(AppId app, String what) {
        return new StoreException(
                "the record of app " + app + " in the store " + url + " is damaged: " + what);
    }

    private void refuseClosed() {
        if (closed.get()) {
            throw new StoreException("the store " + url + " is closed");
        }
    }

    /** Collects the choices of a {@link ValkeyStore}. */
    public static final class Builder {
        private static final Duration WAIT = Duration.ofSeconds(2);

        private final ValkeyUrl url;
        private @Nullable Seal seal;
        private Duration wait = WAIT;
        private Duration period = Changes.PERIOD;

        private Builder(ValkeyUrl url) {
            this.url = url;
        }

        /** Seals the records. Required: a key that only one machine has would lock out others. */
        public Builder seal(Seal value) {
            seal = value;
            return this;
        }

        /** How long one command may take; a new connection may take twice that. Default: 2 s. */
        public Builder wait(Duration value) {
            wait = value;
            return this;
        }

        /** For tests: how often a part of the watched apps is looked at. */
        Builder period(Duration value) {
            period = value;
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws MisconfiguredException as {@link ValkeyStore#open} says, and without a seal
         */
        public ValkeyStore open() {
            Seal given = seal;
            if (given == null) {
                throw new MisconfiguredException(
                        "the store "
                                + url
                                + " is shared by machines and has no key (expected: the same key in"
                                + " all of them, from store-key or EVERGRANT_KEY)");
            }
            ValkeyStore store = new ValkeyStore(this, given);
            try {
                store.lane.call(session -> Eviction.warn(url, session));
            } catch (RuntimeException refused) {
                store.close();
                throw refused;
            }
            return store;
        }
    }
}
