package org.evergrant.simulation.model;

import java.util.ArrayList;
import java.util.List;
import org.evergrant.Retention;
import org.jspecify.annotations.Nullable;

/**
 * The provider: what it minted, newest first, and when each token dies. Written from the providers'
 * documentation and not from our own rules, so that the two cannot share a mistake.
 *
 * @param made how many tokens it ever made
 * @param arrivals when our own mints arrived, newest first, as far as a budget counts them
 */
record ProviderState(int made, List<Issued> tokens, List<Integer> arrivals) {
    static final ProviderState NEW = new ProviderState(0, List.of(), List.of());

    /** What ended a token before its time. */
    enum Killer {
        /** Nothing did. */
        NONE,
        /** A mint of ours, sent and arrived while its claim held. */
        OURS,
        /** A mint of ours that arrived after its claim had run out. */
        STALLED,
        RIVAL
    }

    /**
     * A token.
     *
     * @param told until when any of our records ever promised it, in ticks
     * @param isRivals whether a rival's mint brought it first
     * @param diesAt from when on the API refuses it, in ticks
     */
    record Issued(int id, int index, int diesAt, int told, boolean isRivals, Killer killer) {
        boolean isLive(int now) {
            return now < diesAt;
        }

        private Issued dyingAt(int instant, Killer by) {
            return instant < diesAt ? new Issued(id, index, instant, told, isRivals, by) : this;
        }

        private Issued told(int until) {
            return new Issued(id, index, diesAt, until, isRivals, killer);
        }
    }

    /** What a mint came to: the token, or none where the index was refused. */
    record Minted(ProviderState after, @Nullable Issued token) {}

    Minted mint(Bounds bounds, int index, int now, Killer by) {
        Retention retention = bounds.retention();
        int life = Bounds.ticks(bounds.life());
        if (index >= retention.indexes()) {
            return new Minted(this, null);
        }
        List<Issued> live = tokens.stream().filter(token -> token.isLive(now)).toList();
        if (retention.isSticky() && !live.isEmpty()) {
            Issued newest = live.get(0);
            if (newest.diesAt - now > Bounds.ticks(retention.stickiness())) {
                return new Minted(this, newest);
            }
        }
        Issued fresh = new Issued(made + 1, index, now + life, 0, by == Killer.RIVAL, Killer.NONE);
        List<Issued> after = new ArrayList<>();
        after.add(fresh);
        int places = 1;
        int ours = by == Killer.RIVAL ? 0 : 1;
        for (Issued token : tokens) {
            Issued left = token;
            if (token.isLive(now) && token.index == index) {
                if (places >= retention.window()) {
                    // Where our own mints alone would have left it, the rival's took its place.
                    Killer killer = ours >= retention.window() ? by : Killer.RIVAL;
                    left = token.dyingAt(now + Bounds.ticks(retention.grace()), killer);
                }
                places++;
                ours += token.isRivals ? 0 : 1;
            }
            // Long dead: in no record any more.
            if (now - token.diesAt < 2 * life) {
                after.add(left);
            }
        }
        return new Minted(new ProviderState(made + 1, List.copyOf(after), arrivals), fresh);
    }

    /** Returns the state after a mint of ours arrived that a budget counts over {@code window}. */
    ProviderState counted(int now, int window) {
        List<Integer> counts = new ArrayList<>();
        counts.add(now);
        arrivals.stream().filter(at -> now - at < window).forEach(counts::add);
        return new ProviderState(made, tokens, List.copyOf(counts));
    }

    /** Returns the state after a record promised the token until then. */
    ProviderState told(int id, int until) {
        Issued token = find(id);
        if (token == null || until <= token.told) {
            return this;
        }
        List<Issued> changed = new ArrayList<>(tokens);
        changed.set(tokens.indexOf(token), token.told(until));
        return new ProviderState(made, List.copyOf(changed), arrivals);
    }

    @Nullable Issued find(int id) {
        for (Issued token : tokens) {
            if (token.id == id) {
                return token;
            }
        }
        return null;
    }
}
