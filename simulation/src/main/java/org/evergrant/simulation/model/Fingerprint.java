package org.evergrant.simulation.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.evergrant.Token;
import org.evergrant.simulation.model.NodeState.Answered;
import org.evergrant.simulation.model.NodeState.Claimed;
import org.evergrant.simulation.model.NodeState.Idle;
import org.evergrant.simulation.model.NodeState.Sent;
import org.evergrant.simulation.model.ProviderState.Issued;
import org.evergrant.simulation.model.World.Request;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits that are the same for two worlds in which the same can happen from now on.
 *
 * <p>So instants count from now, generations and tokens from the newest, nodes have no names, and
 * what is over without a trace is left out: an expired token has no age, a trouble whose time has
 * come no instant. That keeps the number of states finite though time goes on for ever.
 */
final class Fingerprint {
    private static final int LIFE_MS = (int) Bounds.LIFE.toMillis();

    private final World world;
    private final int window;
    private long high;
    private long low;

    private Fingerprint(World world, int window, long seed) {
        this.world = world;
        this.window = window;
        this.high = seed;
        this.low = ~seed;
    }

    /** The two halves. */
    record Bits(long high, long low) {}

    /**
     * Returns those of a world.
     *
     * @param window over which the provider counts mints, in ticks; 0 where it does not
     */
    static Bits of(World world, int window) {
        Fingerprint all = new Fingerprint(world, window, 1);
        all.add(world.faultsLeft());
        all.add(world.storeAway());
        all.add(world.record());
        boolean isFresh = world.copy().equals(world.record());
        all.add(isFresh);
        if (!isFresh) {
            all.add(world.copy());
        }
        all.addProvider();
        // Of no matter in which order: sorted.
        int nodes = world.nodes().size();
        Bits[] parts = new Bits[nodes + world.network().size()];
        int size = 0;
        for (int node = 0; node < nodes; node++) {
            parts[size++] = all.ofNode(node);
        }
        for (Request request : world.network()) {
            if (request.owner() < 0) {
                Fingerprint one = new Fingerprint(world, window, 3);
                one.add(request);
                parts[size++] = one.bits();
            }
        }
        Arrays.sort(
                parts,
                0,
                size,
                (one, other) ->
                        one.high != other.high
                                ? Long.compare(one.high, other.high)
                                : Long.compare(one.low, other.low));
        for (int part = 0; part < size; part++) {
            all.add(parts[part].high);
            all.add(parts[part].low);
        }
        return all.bits();
    }

    private Bits ofNode(int node) {
        NodeState state = world.nodes().get(node);
        Fingerprint one = new Fingerprint(world, window, 2);
        one.add(state.isStalled());
        Claim held = world.record().claim();
        switch (state.work()) {
            case Idle _ -> one.add(0);
            case Claimed claimed -> {
                one.add(1);
                one.add(claimed.claim());
                one.add(isHeld(claimed.claim(), held));
            }
            case Sent sent -> {
                one.add(2);
                one.add(sent.claim());
                one.add(isHeld(sent.claim(), held));
            }
            case Answered answered -> {
                one.add(3);
                one.add(answered.claim());
                one.add(isHeld(answered.claim(), held));
                one.add(answered.answer());
            }
        }
        for (Request request : world.network()) {
            if (request.owner() == node) {
                one.add(request);
            }
        }
        return one.bits();
    }

    private static boolean isHeld(Claim claim, @Nullable Claim held) {
        return held != null && held.isSame(claim);
    }

    private void add(AppRecord record) {
        add(record.tokens().size());
        for (Token token : record.tokens()) {
            add(token.index());
            add(token.standing());
            add(token.forced());
            add(token.life().toMillis());
            boolean isOver = !world.instant().isBefore(token.expiresAt());
            add(isOver ? -1 : fromNow(token.expiresAt()));
            // An unseen token has no generation, whatever the newest one's is.
            boolean isNumbered = !isOver && token.generation() > 0;
            add(isNumbered ? world.record().generation() - token.generation() : -1);
            add(isOver ? 0 : fromNow(token.promisedUntil()));
            addValue(World.id(token.value()));
        }
        Claim claim = record.claim();
        add(claim == null ? 0 : 1);
        if (claim != null) {
            add(claim);
            add(claim.contested());
        }
        var trouble = record.trouble();
        add(trouble == null);
        if (trouble != null) {
            add(trouble.kind());
            add(trouble.attempts());
            add(Math.max(0, fromNow(trouble.retryAt())));
        }
        for (Instant spent : record.spent()) {
            if (World.ticks(spent) + window > world.now()) {
                add(fromNow(spent));
            }
        }
        add(record.streak());
        add(record.learned() == null ? 0 : 1);
    }

    private void add(Claim claim) {
        add(claim.index());
        add(Math.max(-2L * LIFE_MS, fromNow(claim.until())));
        add(claim.forced());
    }

    private void add(Request request) {
        add(request.claim());
        add(request.latest() - world.now());
        add(request.isDoubted());
        add(request.isBack());
        addValue(request.minted());
        add(request.expiresIn());
    }

    private void add(Minter.Answer answer) {
        switch (answer) {
            case Minter.Minted minted -> {
                addValue(World.id(minted.value()));
                boolean isKnown =
                        world.record().tokens().stream()
                                .anyMatch(token -> token.value().equals(minted.value()));
                add(isKnown);
                add(minted.expiresIn().orElseThrow().toMillis());
            }
            case Minter.NotMinted refused -> add(refused.kind());
            case Minter.Doubtful _ -> add(-1);
        }
    }

    private void addProvider() {
        List<Issued> tokens = world.provider().tokens();
        for (int place = 0; place < tokens.size(); place++) {
            if (tokens.get(place).isLive(world.now())) {
                addIssued(place);
            }
        }
        for (int arrival : world.provider().arrivals()) {
            if (arrival + window > world.now()) {
                add(world.now() - arrival);
            }
        }
    }

    /** A token is told by its place among those that live, or by how it died. */
    private void addValue(int id) {
        List<Issued> tokens = world.provider().tokens();
        int place = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Issued token = tokens.get(i);
            if (token.id() == id) {
                add(token.isLive(world.now()) ? place : -1);
                addIssued(i);
                return;
            }
            place += token.isLive(world.now()) ? 1 : 0;
        }
        add(-2);
    }

    private void addIssued(int place) {
        Issued token = world.provider().tokens().get(place);
        add(token.index());
        add(Math.max(-1, token.diesAt() - world.now()));
        add(Math.max(-1, token.told() - world.now()));
        add(token.killer());
        add(token.isRivals());
    }

    private long fromNow(Instant instant) {
        Instant now = world.instant();
        return (instant.getEpochSecond() - now.getEpochSecond()) * 1000
                + (instant.getNano() - now.getNano()) / 1_000_000;
    }

    @SuppressWarnings("EnumOrdinal") // The number never leaves this process.
    private void add(Enum<?> value) {
        add(value.ordinal());
    }

    private void add(boolean value) {
        add(value ? 1L : 0L);
    }

    private void add(long value) {
        high = mix((high + 0x9E3779B97F4A7C15L) ^ (value * 0xC2B2AE3D27D4EB4FL));
        low = mix((low + 0x165667B19E3779F9L) ^ (value * 0xFF51AFD7ED558CCDL)) + high;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private Bits bits() {
        return new Bits(high, low);
    }
}
