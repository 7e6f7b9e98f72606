package org.evergrant.simulation.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.evergrant.Token;
import org.evergrant.simulation.model.Move.Kind;
import org.evergrant.simulation.model.NodeState.Answered;
import org.evergrant.simulation.model.NodeState.Claimed;
import org.evergrant.simulation.model.NodeState.Idle;
import org.evergrant.simulation.model.NodeState.Sent;
import org.evergrant.simulation.model.ProviderState.Issued;
import org.evergrant.simulation.model.ProviderState.Killer;
import org.evergrant.simulation.model.World.Request;
import org.evergrant.spi.AppRecord;
import org.evergrant.spi.Ask;
import org.evergrant.spi.Claim;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Policy;
import org.evergrant.spi.Step;
import org.evergrant.spi.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * What can happen in a world, and what the world is after it.
 *
 * <p>Nodes are as slow as they like: every step of a node may come any time later, or never, which
 * is also how a node looks that is stalled, swapped out or cut off from the store. Only the network
 * has deadlines. A mint arrives, and its answer comes back, within the mint deadline, or else is
 * lost; one whose connection broke, because its node died or was given a reset, arrives within the
 * settle after that or never.
 *
 * <p>A compare-and-set with an old version fails and changes nothing, so it appears as the read
 * that follows it.
 */
final class Moves {
    /** What callers ask for: anything; much life; something newer than what there is. */
    static final int ASKS = 3;

    private static final int DEADLINE = (int) Bounds.MINT_DEADLINE.toSeconds();

    private final Bounds bounds;
    private final Policy policy;
    private final Protocol protocol;
    private final int settle;

    Moves(Bounds bounds, Protocol protocol) {
        this.bounds = bounds;
        this.policy = bounds.policy();
        this.protocol = protocol;
        this.settle = (int) policy.settle().toSeconds();
    }

    /** Returns the step that the node takes for a caller who takes any token. */
    Step step(AppRecord copy, int now) {
        return protocol.next(copy, policy, World.instant(now), Ask.ANY);
    }

    /** Returns all that can happen next. */
    List<Move> from(World world) {
        List<Move> moves = new ArrayList<>();
        boolean timeMayPass = true;
        for (int place = 0; place < world.network().size(); place++) {
            Request request = world.network().get(place);
            boolean awaited = request.owner() >= 0;
            timeMayPass &= world.now() < request.latest();
            moves.add(new Move(request.isBack() ? Kind.ANSWER : Kind.ARRIVE, 0, place));
            if (!awaited) {
                moves.add(new Move(Kind.NEVER_ARRIVE, 0, place));
            } else if (world.may(Fault.LOST)) {
                moves.add(new Move(Kind.LOSE, 0, place));
            }
            if (awaited && !request.isBack() && world.may(Fault.REFUSAL)) {
                moves.add(new Move(Kind.REFUSE, 0, place));
            }
        }
        for (int node = 0; node < world.nodes().size(); node++) {
            addOfNode(moves, world, node);
        }
        for (int place = 0; place < world.record().tokens().size() && !world.storeAway(); place++) {
            addReports(moves, world, place);
        }
        if (world.may(Fault.RIVAL)) {
            moves.add(new Move(Kind.RIVAL, 0, 0));
        }
        if (world.storeAway()) {
            moves.add(new Move(Kind.STORE_BACK, 0, 0));
        } else if (world.may(Fault.STORE_AWAY)) {
            moves.add(new Move(Kind.STORE_AWAY, 0, 0));
        }
        if (timeMayPass) {
            moves.add(new Move(Kind.TICK, 0, 0));
        }
        return moves;
    }

    private void addOfNode(List<Move> moves, World world, int node) {
        NodeState state = world.nodes().get(node);
        boolean fresh = state.copy() != null && state.version() == world.version();
        switch (state.work()) {
            case Idle idle when fresh && !world.storeAway() -> {
                for (int ask = 0; ask < ASKS; ask++) {
                    if (mintIndex(world, world.record(), ask) >= 0) {
                        moves.add(new Move(Kind.CLAIM, node, ask));
                        if (world.may(Fault.UNHEARD)) {
                            moves.add(new Move(Kind.CLAIM_UNHEARD, node, ask));
                        }
                        break;
                    }
                }
            }
            case Idle idle -> {}
            case Claimed claimed -> {
                moves.add(new Move(Kind.SEND, node, 0));
                boolean late = !maySend(claimed.claim(), world.now());
                if (late && world.may(Fault.STALL)) {
                    moves.add(new Move(Kind.SEND_STALLED, node, 0));
                }
            }
            case Sent sent -> {
                if (world.network().stream().noneMatch(request -> request.owner() == node)) {
                    moves.add(new Move(Kind.GIVE_UP, node, 0));
                }
            }
            case Answered answered -> {
                if (!world.storeAway()) {
                    moves.add(new Move(Kind.PUBLISH, node, 0));
                    if (world.may(Fault.UNHEARD)) {
                        moves.add(new Move(Kind.PUBLISH_UNHEARD, node, 0));
                    }
                }
            }
        }
        if (!fresh && !world.storeAway()) {
            moves.add(new Move(Kind.READ, node, 0));
        }
        if (state.copy() != null && world.may(Fault.CRASH)) {
            moves.add(new Move(Kind.CRASH, node, 0));
        }
    }

    /** A 401 may be reported through any node, so the first will do. */
    private static void addReports(List<Move> moves, World world, int place) {
        Token token = world.record().tokens().get(place);
        if (!token.isUsable(world.instant())) {
            return;
        }
        if (!world.isLive(token)) {
            moves.add(new Move(Kind.REPORT, 0, place));
        } else if (world.may(Fault.WRONG_401)) {
            moves.add(new Move(Kind.WRONG_REPORT, 0, place));
        }
    }

    /** Returns the world after {@code move}. */
    World after(World world, Move move) {
        return switch (move.kind()) {
            case TICK -> world.at(world.now() + 1);
            case READ -> read(world, move.node());
            case CLAIM -> claim(world, move.node(), move.which());
            // Had the node been able to read the record, it would go on as if it had heard.
            case CLAIM_UNHEARD ->
                    claim(world.after(Fault.UNHEARD), move.node(), move.which())
                            .with(move.node(), NodeState.starting(world.nodes().get(move.node()).id()));
            case SEND -> send(world, move.node(), false);
            case SEND_STALLED -> send(world.after(Fault.STALL), move.node(), true);
            case ARRIVE -> arrive(world, world.network().get(move.which()));
            case NEVER_ARRIVE -> world.without(world.network().get(move.which()));
            case ANSWER -> answer(world, world.network().get(move.which()));
            case LOSE -> lose(world.after(Fault.LOST), world.network().get(move.which()));
            case GIVE_UP -> giveUp(world, move.node());
            case REFUSE -> refuse(world.after(Fault.REFUSAL), world.network().get(move.which()));
            case PUBLISH -> publish(world, move.node(), true);
            case PUBLISH_UNHEARD -> publish(world.after(Fault.UNHEARD), move.node(), false);
            case REPORT -> report(world, move.which());
            case WRONG_REPORT -> report(world.after(Fault.WRONG_401), move.which());
            case CRASH -> crash(world.after(Fault.CRASH), move.node());
            case RIVAL -> rival(world.after(Fault.RIVAL));
            case STORE_AWAY -> world.after(Fault.STORE_AWAY).storeAway(true);
            case STORE_BACK -> world.storeAway(false);
        };
    }

    private static World read(World world, int node) {
        NodeState state = world.nodes().get(node);
        return world.with(node, state.seeing(world.version(), world.record()));
    }

    /** Returns where the node would mint now for this ask; -1 for nowhere. */
    int mintIndex(World world, AppRecord copy, int ask) {
        Instant now = world.instant();
        Ask asked =
                switch (ask) {
                    case 0 -> Ask.ANY;
                    case 1 -> Ask.minLife(Duration.ofDays(1));
                    default -> Ask.newerThan(copy.generation());
                };
        return switch (protocol.next(copy, policy, now, asked)) {
            case Step.Renew renew -> renew.index();
            case Step.ServeAndRenew renew -> renew.index();
            case Step.Serve serve -> -1;
            case Step.Await await -> -1;
            case Step.Fail fail -> -1;
        };
    }

    private World claim(World world, int node, int ask) {
        NodeState state = world.nodes().get(node);
        AppRecord copy = world.record();
        int index = mintIndex(world, copy, ask);
        Claim claim = protocol.claim(copy, policy, state.id(), index, world.instant());
        World written = world.written(node, protocol.claimed(copy, policy, claim));
        return written.with(node, written.nodes().get(node).doing(new Claimed(claim)));
    }

    /** What the node asks itself between the claim and the mint. */
    private boolean maySend(Claim claim, int now) {
        return !World.instant(now).isAfter(claim.until().minus(Bounds.MINT_DEADLINE));
    }

    private World send(World world, int node, boolean stalled) {
        NodeState state = world.nodes().get(node);
        Claim claim = ((Claimed) state.work()).claim();
        if (!stalled && !maySend(claim, world.now())) {
            if (world.storeAway()) {
                return world.with(node, state.doing(NodeState.IDLE));
            }
            World released = world.written(node, protocol.released(world.record(), claim));
            return released.with(node, released.nodes().get(node).doing(NodeState.IDLE));
        }
        List<Request> network = new ArrayList<>(world.network());
        network.add(new Request(claim, node, world.now() + DEADLINE, false, 0, 0));
        return world.with(network).with(node, state.doing(new Sent(claim, world.now())));
    }

    private World arrive(World world, Request request) {
        Claim claim = request.claim();
        boolean held = world.instant().isBefore(claim.until());
        ProviderState counted =
                policy.budget()
                        .map(budget ->
                                world.provider()
                                        .counted(world.now(), (int) budget.window().toSeconds()))
                        .orElse(world.provider());
        ProviderState.Minted minted =
                counted.mint(
                        bounds.retention(),
                        claim.index(),
                        world.now(),
                        held ? Killer.OURS : Killer.STALLED);
        World after = world.with(minted.after());
        Issued token = minted.token();
        return request.owner() < 0
                ? after.without(request)
                : after.with(request, executed(request, token, world.now()));
    }

    private static Request executed(Request request, @Nullable Issued token, int now) {
        return token == null
                ? request.executed(0, 0)
                : request.executed(token.id(), token.diesAt() - now);
    }

    private static World answer(World world, Request request) {
        Duration life = Duration.ofSeconds(request.expiresIn());
        Minter.Answer answer =
                request.minted() == 0
                        ? new Minter.NotMinted(Trouble.Kind.INDEX, "index", Optional.empty())
                        : new Minter.Minted(
                                World.value(request.minted()), "", "", "", Optional.of(life));
        return answered(world, request, answer);
    }

    private static World answered(World world, Request request, Minter.Answer answer) {
        NodeState state = world.nodes().get(request.owner());
        return world.without(request)
                .with(request.owner(), state.doing(new Answered(request.claim(), answer)));
    }

    /** The connection breaks: the answer is gone, the mint itself may still arrive. */
    private World lose(World world, Request request) {
        World heard = giveUp(world, request.owner());
        return request.isBack()
                ? heard.without(request)
                : heard.with(request, request.abandoned(world.now() + settle));
    }

    private static World giveUp(World world, int node) {
        NodeState state = world.nodes().get(node);
        Minter.Answer doubt = new Minter.Doubtful("lost", Optional.empty());
        return world.with(node, state.doing(new Answered(((Sent) state.work()).claim(), doubt)));
    }

    private static World refuse(World world, Request request) {
        return answered(
                world,
                request,
                new Minter.NotMinted(Trouble.Kind.UNREACHABLE, "refused", Optional.empty()));
    }

    private World publish(World world, int node, boolean heard) {
        Answered done = (Answered) world.nodes().get(node).work();
        AppRecord changed =
                protocol.answered(
                        world.record(), policy, done.claim(), done.answer(), world.instant());
        World written = world.written(node, changed);
        NodeState after = written.nodes().get(node);
        return written.with(node, heard ? after.doing(NodeState.IDLE) : after);
    }

    private World report(World world, int place) {
        long generation = world.record().tokens().get(place).generation();
        AppRecord changed =
                protocol.rejected(world.record(), policy, generation, world.instant());
        return world.written(0, changed);
    }

    private World crash(World world, int node) {
        NodeState state = world.nodes().get(node);
        int start = Integer.parseInt(state.id().substring(1)) + 1;
        World after = world.with(node, NodeState.starting(state.letter() + "" + start));
        for (Request request : world.network()) {
            if (request.owner() == node) {
                after =
                        request.isBack()
                                ? after.without(request)
                                : after.with(request, request.abandoned(world.now() + settle));
            }
        }
        return after;
    }

    World rival(World world) {
        return world.with(
                world.provider().mint(bounds.retention(), 0, world.now(), Killer.RIVAL).after());
    }
}
