package org.evergrant.valkey;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.evergrant.AppId;
import org.evergrant.EvergrantException;
import org.evergrant.spi.Store;
import org.evergrant.spi.Watches;
import org.jspecify.annotations.Nullable;

/**
 * Hears what others change, on one connection and one thread, however many apps are watched.
 *
 * <ol>
 *   <li>Each write says on one channel what was written. What is heard of a watched app, and was
 *       not written here, is noted, and the thread calls its listeners.
 *   <li>When the connection broke, another one is opened, and every watched app is looked at once:
 *       whatever was said meanwhile is lost.
 *   <li>A part of the watched apps is looked at again and again, round and round, because a cluster
 *       may lose a message without a connection breaking.
 * </ol>
 */
final class Changes implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("org.evergrant.store");

    /** Apps looked at in one go; with {@link #PERIOD} the most that looking ever costs. */
    private static final int BATCH = 500;

    static final Duration PERIOD = Duration.ofSeconds(2);

    /** Then all are forgotten: what became of them is found by looking. */
    private static final int MOST_UNSURE = 10_000;

    private static final Duration LISTENING_RETRY = Duration.ofMillis(100);

    /** A listener may be in the midst of a call to this store. */
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Link link;
    private final Lane lane;
    private final Keys keys;
    private final Watches watches;
    private final String writer;
    private final Function<Said, Store.Versioned> reader;
    private final Duration period;
    private final Duration connecting;
    private final ReentrantLock starting = new ReentrantLock();
    private final ConcurrentMap<AppId, Said> heard = new ConcurrentHashMap<>();
    private final ConcurrentMap<AppId, String> told = new ConcurrentHashMap<>();

    /** Marks of writes of this store's own of which nobody knows whether they were done. */
    private final Set<String> unsure = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean isBroken = true;

    // Below: the thread's own.
    private @Nullable StatefulRedisPubSubConnection<String, byte[]> listening;
    private @Nullable Future<?> beat;
    private boolean isBehind;
    private long nextListen = System.nanoTime();
    private long nextLook = System.nanoTime();
    private List<AppId> round = List.of();
    private int at;

    /**
     * Hears nothing yet.
     *
     * @param writer what the marks of this store's own writes begin with
     * @param reader reads what was said, when somebody wants to know
     * @param wait how long one command may take
     * @param period how often a part of the watched apps is looked at
     */
    Changes(
            Link link,
            Lane lane,
            Keys keys,
            Watches watches,
            String writer,
            Function<Said, Store.Versioned> reader,
            Duration wait,
            Duration period) {
        this.link = link;
        this.lane = lane;
        this.keys = keys;
        this.watches = watches;
        this.writer = writer;
        this.reader = reader;
        this.connecting = Client.connecting(wait);
        this.period = period;
    }

    /** Hears from now on. */
    void start() {
        starting.lock();
        try {
            if (thread == null && !closed) {
                Thread begun = new Thread(this::run, "evergrant-valkey-watch");
                begun.setDaemon(true);
                thread = begun;
                begun.start();
            }
        } finally {
            starting.unlock();
        }
    }

    /**
     * Calls the listeners after a write of this store's own. What the server says of it, before its
     * answer or long after, is not heard.
     */
    void written(AppId app, Stamp stamp) {
        if (watches.isWatched(app)) {
            told.put(app, stamp.mark());
            watches.changed(app);
        }
    }

    /** Calls the listeners after a write that was done, or will be, or never. */
    void unsure(AppId app, Stamp stamp) {
        if (unsure.size() >= MOST_UNSURE) {
            unsure.clear();
        }
        unsure.add(stamp.mark());
        watches.changed(app);
    }

    /** Takes note of what this store read: who reads knows, and need not be told. */
    void read(AppId app, Stamp stamp) {
        if (watches.isWatched(app)) {
            told.putIfAbsent(app, stamp.mark());
        }
    }

    /** Hears no more, and waits for the thread's end unless this is that thread. */
    @Override
    public void close() {
        Thread running;
        starting.lock();
        try {
            closed = true;
            running = thread;
        } finally {
            starting.unlock();
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(running);
        try {
            running.join(ENDING.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    listen();
                    tell();
                    look();
                } catch (RuntimeException failure) {
                    // A connection that closed in between; a bug must not end the watch either.
                    LOG.log(Level.DEBUG, "a look for changes failed", failure);
                    isBroken = true;
                }
                pause();
            }
        } finally {
            stopListening();
        }
    }

    private void listen() {
        Future<?> last = beat;
        boolean silent = last != null && !last.isDone() && System.nanoTime() - nextLook >= 0;
        StatefulRedisPubSubConnection<String, byte[]> open = listening;
        if (open != null && open.isOpen() && !isBroken && !silent) {
            return;
        }
        if (System.nanoTime() - nextListen < 0) {
            return;
        }
        stopListening();
        nextListen = System.nanoTime() + LISTENING_RETRY.toNanos();
        try {
            isBroken = false;
            listening = opened();
            isBehind = true;
            nextLook = System.nanoTime();
        } catch (ExecutionException | TimeoutException | RuntimeException away) {
            // Whoever reads or writes hears of it; here it is tried again.
            isBroken = true;
        } catch (InterruptedException interrupt) {
            // Nobody but us has this thread; an interrupt can only mean that the process ends.
            closed = true;
        }
    }

    private StatefulRedisPubSubConnection<String, byte[]> opened()
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<? extends StatefulRedisPubSubConnection<String, byte[]>> opening =
                link.listen();
        try {
            StatefulRedisPubSubConnection<String, byte[]> open =
                    opening.get(connecting.toNanos(), TimeUnit.NANOSECONDS);
            open.addListener(new Ear());
            open.addListener(new Alarm());
            open.async().subscribe(keys.changes()).get(connecting.toNanos(), TimeUnit.NANOSECONDS);
            return open;
        } catch (ExecutionException | TimeoutException | InterruptedException failure) {
            CompletableFuture<Void> unused =
                    opening.thenCompose(StatefulRedisPubSubConnection::closeAsync);
            throw failure;
        }
    }

    private void stopListening() {
        StatefulRedisPubSubConnection<String, byte[]> last = listening;
        listening = null;
        beat = null;
        if (last != null) {
            Client.await(last.closeAsync());
        }
    }

    /** Calls the listeners of what was heard, holding no lock. */
    private void tell() {
        heard.forEach((app, said) -> {
            if (!heard.remove(app, said) || !isNews(app, said.stamp().mark())) {
                return;
            }
            if (said.hasRecord()) {
                watches.changed(app, () -> reader.apply(said));
            } else {
                watches.changed(app);
            }
        });
    }

    private boolean isNews(AppId app, String mark) {
        return !mark.equals(told.put(app, mark));
    }

    private void look() {
        if (System.nanoTime() - nextLook < 0) {
            return;
        }
        if (isBehind) {
            isBehind = false;
            round = List.copyOf(watches.apps());
            at = 0;
            boolean all = true;
            while (at < round.size() && !closed) {
                all &= lookOn();
                tell();
            }
            isBehind = !all;
        } else {
            if (at >= round.size()) {
                Set<AppId> watched = watches.apps();
                round = List.copyOf(watched);
                told.keySet().retainAll(watched);
                at = 0;
            }
            lookOn();
        }
        nextLook = System.nanoTime() + period.toNanos();
        StatefulRedisPubSubConnection<String, byte[]> open = listening;
        // A subscription that is there is confirmed all the same, which proves the connection.
        beat = open == null ? null : open.async().subscribe(keys.changes());
    }

    /** Looks at the next apps of the round; returns whether all of them could be looked at. */
    private boolean lookOn() {
        List<AppId> apps = round.subList(at, Math.min(at + BATCH, round.size()));
        at += apps.size();
        if (apps.isEmpty()) {
            return true;
        }
        try {
            List<@Nullable String> marks = lane.call(session -> marks(session, apps));
            for (int i = 0; i < apps.size(); i++) {
                String mark = marks.get(i);
                boolean isNew = mark != null && mark.isEmpty() && !told.containsKey(apps.get(i));
                if (mark != null && !isNew && isNews(apps.get(i), mark)) {
                    watches.changed(apps.get(i));
                }
            }
            return !marks.contains(null);
        } catch (EvergrantException away) {
            return false;
        }
    }

    /** Null stands for a mark that could not be read: one server of a cluster may be away. */
    private CompletableFuture<List<@Nullable String>> marks(Session session, List<AppId> apps) {
        List<AsyncCommand<String, byte[], ?>> commands = new ArrayList<>();
        List<CompletableFuture<@Nullable String>> marks = new ArrayList<>();
        for (AppId app : apps) {
            AsyncCommand<String, byte[], List<byte[]>> command =
                    Commands.hmget(keys.record(app), "stamp");
            commands.add(command);
            marks.add(command.handle((found, failure) -> failure == null ? mark(found) : null));
        }
        session.send(commands);
        return CompletableFuture.allOf(marks.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<@Nullable String> all = new ArrayList<>();
                    marks.forEach(mark -> all.add(mark.join()));
                    return all;
                });
    }

    private static String mark(List<byte[]> found) {
        byte[] mark = found.get(0);
        return mark == null ? Stamp.NONE.mark() : Stamp.text(mark);
    }

    private void pause() {
        long left = nextLook - System.nanoTime();
        long soon = isBroken ? LISTENING_RETRY.toNanos() : left;
        if (!closed && heard.isEmpty() && left > 0) {
            LockSupport.parkNanos(this, Math.min(left, soon));
        }
    }

    private void alarm() {
        isBroken = true;
        wake();
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    /** Notes what is said, on Lettuce's thread. */
    private final class Ear extends RedisPubSubAdapter<String, byte[]> {
        @Override
        public void message(String channel, byte[] bytes) {
            Said said = Said.of(bytes);
            if (said != null && watches.isWatched(said.app()) && !isOwn(said.stamp())) {
                heard.put(said.app(), said);
                wake();
            }
        }

        private boolean isOwn(Stamp stamp) {
            return stamp.isOf(writer) && !unsure.remove(stamp.mark());
        }
    }

    /** Notes that the connection is gone, also where Lettuce would bring it back by itself. */
    private final class Alarm implements RedisConnectionStateListener {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            alarm();
        }
    }
}
