package org.evergrant.simulation.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.StringJoiner;
import org.evergrant.Token;
import org.evergrant.simulation.model.World.Request;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Trouble;

/** Tells how a breach comes about: a line a move, and the record where the move changed it. */
final class Story {
    private static final String LINE = "%6.1f s  %s%n";

    private Story() {}

    /** Returns the story of {@code breach}, in lines. */
    static String of(Bounds bounds, Protocol protocol, Explorer.Breach breach) {
        Moves moves = new Moves(bounds, protocol);
        World world = World.beginning(bounds);
        StringBuilder story = new StringBuilder();
        for (Move move : breach.trace()) {
            World after = moves.after(world, move);
            if (move.kind() != Move.Kind.TICK) {
                story.append(String.format(Locale.ROOT, LINE, seconds(world), told(world, move)));
                if (!after.record().equals(world.record())) {
                    story.append(
                            String.format(Locale.ROOT, "          record: %s%n", record(after)));
                }
            }
            world = after;
        }
        story.append(String.format(Locale.ROOT, LINE, seconds(world), "broken: " + breach.words()));
        return story.toString();
    }

    private static double seconds(World world) {
        return Duration.between(World.instant(0), world.instant()).toMillis() / 1000.0;
    }

    private static String told(World world, Move move) {
        String node = "node " + world.nodes().get(move.node()).id();
        int which = move.which();
        return switch (move.kind()) {
            case TICK -> "time passes";
            case READ -> "the node that only hands out reads the record";
            case CLAIM -> node + " writes its claim";
            case CLAIM_UNHEARD -> node + " writes its claim, and the store's answer is lost";
            case SEND -> node + " sends the mint";
            case STALL -> node + " stands still";
            case WAKE -> node + " goes on";
            case SEND_STALLED -> node + " goes on, and sends the mint without another look";
            case LET_GO -> node + " finds that it is too late to send, and gives the claim back";
            case ARRIVE -> "the mint of " + sender(world, which) + " reaches the provider";
            case NEVER_ARRIVE -> "the mint of " + sender(world, which) + " never arrives";
            case ANSWER -> sender(world, which) + " has the provider's answer";
            case LOSE ->
                    "the connection of "
                            + sender(world, which)
                            + " breaks, "
                            + (world.network().get(which).isBack() ? "after" : "maybe before")
                            + " the provider minted";
            case REFUSE -> "the provider refuses the mint of " + sender(world, which);
            case PUBLISH -> node + " writes what came of its mint";
            case PUBLISH_UNHEARD ->
                    node + " writes what came of its mint, and the store's answer is lost";
            case REPORT -> "a caller reports a 401 for " + token(world, which);
            case WRONG_REPORT ->
                    "a caller reports a 401 for " + token(world, which) + ", which lives";
            case CRASH -> node + " dies and starts again";
            case RIVAL -> "a rival mints";
            case STORE_AWAY -> "the store goes away";
            case STORE_BACK -> "the store is back";
        };
    }

    private static String sender(World world, int place) {
        Request request = world.network().get(place);
        return "node " + request.claim().node();
    }

    private static String token(World world, int place) {
        return "token " + world.record().tokens().get(place).generation();
    }

    private static String record(World world) {
        StringJoiner parts = new StringJoiner("; ");
        for (Token token : world.record().tokens()) {
            parts.add(
                    (token.generation() == 0 ? "an unseen token" : "token " + token.generation())
                            + " at index "
                            + token.index()
                            + " "
                            + token.standing().name().toLowerCase(Locale.ROOT)
                            + ", promised until "
                            + at(token.promisedUntil())
                            + (world.isLive(token) ? "" : ", dead"));
        }
        Claim claim = world.record().claim();
        if (claim != null) {
            parts.add("claim of " + claim.node() + " until " + at(claim.until()));
        }
        Trouble trouble = world.record().trouble();
        if (trouble != null) {
            parts.add("trouble " + trouble.kind().word() + ", retry at " + at(trouble.retryAt()));
        }
        return parts.length() == 0 ? "empty" : parts.toString();
    }

    private static String at(Instant instant) {
        long ms = Duration.between(World.instant(0), instant).toMillis();
        return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
}
