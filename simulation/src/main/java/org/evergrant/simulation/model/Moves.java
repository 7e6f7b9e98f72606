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
 * <p>A node that has something to do does it before time passes, unless it is stalled; whether and
 * when somebody asks it for a token is open. A mint arrives, and its answer comes back, within the
 * mint deadline, or else is lost; one whose connection broke, because its node died or the answer
 * was lost, arrives within the settle after that or never. What happens at one instant happens in
 * any order.
 *
 * <p>With an old copy of the record a node can do one thing only: hand out. Its compare-and-set
 * fails, changes nothing, and it reads again. So the nodes that mint have no copies here; one more
 * node has one, reads whenever it likes and only hands out. Nodes without a mint under way are all
 * alike, so the first of them stands for all.
 */
final class Moves {
    private static final int DEADLINE = Bounds.ticks(Bounds.MINT_DEADLINE);

    /** What callers ask for: anything; much life; something newer than what there is. */
    private static final int ASKS = 3;

    private final Bounds bounds;
    private final Policy policy;
    private final Protocol protocol;
    private final int settle;
    private final int window;

    Moves(Bounds bounds, Protocol protocol) {
        this.bounds = bounds;
        this.policy = bounds.policy();
        this.protocol = protocol;
        this.settle = Bounds.ticks(policy.settle());
        this.window = bounds.budget().map(budget -> Bounds.ticks(budget.window())).orElse(0);
    }

    /** Returns what tells a world from those in which something else can happen from now on. */
    Fingerprint.Bits fingerprint(World world) {
        return Fingerprint.of(world, window);
    }

    /** Returns the step of a node with this copy of the record for a caller who takes any token. */
    Step step(AppRecord copy, Instant now) {
        return protocol.next(copy, policy, now, Ask.ANY);
    }

    /** Returns the token that a step hands out; {@code null} when it hands out none. */
    static @Nullable Token served(Step step) {
        return switch (step) {
            case Step.Serve serve -> serve.token();
            case Step.ServeAndRenew serve -> serve.token();
            default -> null;
        };
    }

    /** Returns all that can happen next. */
    List<Move> from(World world) {
        List<Move> moves = new ArrayList<>();
        boolean timeMayPass = true;
        for (int place = 0; place < world.network().size(); place++) {
            Request request = world.network().get(place);
            timeMayPass &= world.now() < request.latest();
            addOfRequest(moves, world, request, place);
        }
        boolean idle = false;
        for (NodeState node : world.nodes()) {
            boolean waitsForStore = world.storeAway() && node.work() instanceof Answered;
            timeMayPass &= !node.isBusy() || waitsForStore;
        }
        for (int node = 0; node < world.nodes().size(); node++) {
            boolean another = idle && world.nodes().get(node).isIdle();
            if (!another) {
                addOfNode(moves, world, node);
            }
            idle |= world.nodes().get(node).isIdle();
        }
        addOfStore(moves, world);
        if (world.may(Fault.RIVAL)) {
            moves.add(new Move(Kind.RIVAL, 0, 0));
        }
        if (timeMayPass) {
            moves.add(new Move(Kind.TICK, 0, 0));
        }
        return moves;
    }

    private static void addOfRequest(List<Move> moves, World world, Request request, int place) {
        boolean awaited = request.owner() >= 0;
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

    private void addOfNode(List<Move> moves, World world, int node) {
        NodeState state = world.nodes().get(node);
        if (state.isStalled()) {
            moves.add(new Move(Kind.WAKE, node, 0));
            if (state.work() instanceof Claimed) {
                moves.add(new Move(Kind.SEND_STALLED, node, 0));
            }
            return;
        }
        boolean mayFailToHear = world.may(Fault.UNHEARD);
        switch (state.work()) {
            case Idle _ when !world.storeAway() -> {
                int asks = world.may(Fault.PICKY_ASK) ? ASKS : 1;
                for (int ask = 0; ask < asks; ask++) {
                    if (mintIndex(world, ask) >= 0) {
                        moves.add(new Move(Kind.CLAIM, node, ask));
                        if (mayFailToHear) {
                            moves.add(new Move(Kind.CLAIM_UNHEARD, node, ask));
                        }
                        break;
                    }
                }
            }
            case Claimed claimed -> {
                boolean late = world.instant().isAfter(policy.sendBy(claimed.claim()));
                moves.add(new Move(late ? Kind.LET_GO : Kind.SEND, node, 0));
            }
            case Answered _ when !world.storeAway() -> {
                moves.add(new Move(Kind.PUBLISH, node, 0));
                if (mayFailToHear) {
                    moves.add(new Move(Kind.PUBLISH_UNHEARD, node, 0));
                }
            }
            default -> {}
        }
        if (!state.isIdle() && world.may(Fault.CRASH)) {
            moves.add(new Move(Kind.CRASH, node, 0));
        }
        if (!state.isIdle() && world.may(Fault.STALL)) {
            moves.add(new Move(Kind.STALL, node, 0));
        }
    }

    private static void addOfStore(List<Move> moves, World world) {
        if (world.storeAway()) {
            moves.add(new Move(Kind.STORE_BACK, 0, 0));
            return;
        }
        if (world.may(Fault.STORE_AWAY)) {
            moves.add(new Move(Kind.STORE_AWAY, 0, 0));
        }
        if (!world.copy().equals(world.record())) {
            moves.add(new Move(Kind.READ, 0, 0));
        }
        for (int place = 0; place < world.record().tokens().size(); place++) {
            Token token = world.record().tokens().get(place);
            if (token.isUsable(world.instant())) {
                if (!world.isLive(token)) {
                    moves.add(new Move(Kind.REPORT, 0, place));
                } else if (world.may(Fault.WRONG_401)) {
                    moves.add(new Move(Kind.WRONG_REPORT, 0, place));
                }
            }
        }
    }

    private static World stalled(World world, int node, boolean stalled) {
        return world.with(node, world.nodes().get(node).stalled(stalled));
    }

    /**
     * Returns the world after {@code move}. The node that only hands out reads again at once when
     * its copy has nothing to hand out.
     */
    World after(World world, Move move) {
        World after = changed(world, move);
        boolean isFresh = after.storeAway() || after.copy().equals(after.record());
        return isFresh || served(step(after.copy(), after.instant())) != null
                ? after
                : after.read();
    }

    private World changed(World world, Move move) {
        return switch (move.kind()) {
            case TICK -> world.at(world.now() + 1);
            case READ -> world.read();
            case CLAIM -> claim(world, move.node(), move.which(), true);
            case CLAIM_UNHEARD ->
                    claim(world.after(Fault.UNHEARD), move.node(), move.which(), false);
            case SEND -> send(world, move.node());
            case STALL -> stalled(world.after(Fault.STALL), move.node(), true);
            case WAKE -> stalled(world, move.node(), false);
            // It stood still after its last look at the clock.
            case SEND_STALLED -> send(stalled(world, move.node(), false), move.node());
            case LET_GO -> letGo(world, move.node());
            case ARRIVE -> arrive(world, world.network().get(move.which()));
            case NEVER_ARRIVE -> world.without(world.network().get(move.which()));
            case ANSWER -> answer(world, world.network().get(move.which()));
            case LOSE -> lose(world.after(Fault.LOST), world.network().get(move.which()));
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

    /** Returns where a node would mint now for this ask; -1 for nowhere. */
    private int mintIndex(World world, int ask) {
        Ask asked =
                switch (ask) {
                    case 0 -> Ask.ANY;
                    case 1 -> Ask.minLife(Duration.ofDays(1));
                    default -> Ask.newerThan(world.record().generation());
                };
        return switch (protocol.next(world.record(), policy, world.instant(), asked)) {
            case Step.Renew renew -> renew.index();
            case Step.ServeAndRenew renew -> renew.index();
            default -> -1;
        };
    }

    /** A node that never hears that its claim was written knows of no mint. */
    private World claim(World world, int node, int ask, boolean heard) {
        AppRecord record = world.record();
        String id = world.nodes().get(node).id();
        int index = mintIndex(world, ask);
        Claim claim = protocol.claim(record, policy, id, index, world.instant());
        World asked = ask == 0 ? world : world.after(Fault.PICKY_ASK);
        World written = asked.written(protocol.claimed(record, policy, claim));
        return heard
                ? written.with(node, written.nodes().get(node).doing(new Claimed(claim)))
                : written;
    }

    private World send(World world, int node) {
        NodeState state = world.nodes().get(node);
        Claim claim = ((Claimed) state.work()).claim();
        return world.with(Request.of(claim, node, world.now() + DEADLINE))
                .with(node, state.doing(new Sent(claim)));
    }

    /** Too late to send: the claim is given back, or runs out. */
    private World letGo(World world, int node) {
        NodeState state = world.nodes().get(node);
        Claim claim = ((Claimed) state.work()).claim();
        World idle = world.with(node, state.doing(NodeState.IDLE));
        return world.storeAway() ? idle : idle.written(protocol.released(world.record(), claim));
    }

    private World arrive(World world, Request request) {
        boolean held = world.instant().isBefore(request.claim().until());
        ProviderState counted =
                window > 0 ? world.provider().counted(world.now(), window) : world.provider();
        ProviderState.Minted minted =
                counted.mint(
                        bounds,
                        request.claim().index(),
                        world.now(),
                        held ? Killer.OURS : Killer.STALLED);
        World after = world.with(minted.after());
        return request.owner() < 0
                ? after.without(request)
                : after.with(request, executed(request, minted.token(), world.now()));
    }

    private static Request executed(Request request, @Nullable Issued token, int now) {
        return token == null
                ? request.executed(0, 0)
                : request.executed(token.id(), token.diesAt() - now);
    }

    private static World answer(World world, Request request) {
        Duration life = Bounds.TICK.multipliedBy(request.expiresIn());
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
        World heard = answered(world, request, new Minter.Doubtful("lost", Optional.empty()));
        return request.isBack() ? heard : heard.with(request.abandoned(world.now() + settle - 1));
    }

    private static World refuse(World world, Request request) {
        return answered(
                world,
                request,
                new Minter.NotMinted(Trouble.Kind.UNREACHABLE, "refused", Optional.empty()));
    }

    private World publish(World world, int node, boolean heard) {
        NodeState state = world.nodes().get(node);
        Answered done = (Answered) state.work();
        World written =
                world.written(
                        protocol.answered(
                                world.record(),
                                policy,
                                done.claim(),
                                done.answer(),
                                world.instant()));
        World told =
                done.answer() instanceof Minter.Doubtful
                        ? withDoubt(written, done.claim())
                        : written;
        return heard ? told.with(node, state.doing(NodeState.IDLE)) : told;
    }

    private static World withDoubt(World world, Claim claim) {
        World after = world;
        for (Request request : world.network()) {
            if (request.owner() < 0 && request.claim().isSame(claim)) {
                after = after.with(request, request.doubted());
            }
        }
        return after;
    }

    private World report(World world, int place) {
        long generation = world.record().tokens().get(place).generation();
        return world.written(
                protocol.rejected(world.record(), policy, generation, world.instant()));
    }

    private World crash(World world, int node) {
        World after = world.with(node, NodeState.starting(world.nodes().get(node).nextId()));
        for (Request request : world.network()) {
            if (request.owner() == node) {
                after =
                        request.isBack()
                                ? after.without(request)
                                : after.with(request, request.abandoned(world.now() + settle - 1));
            }
        }
        return after;
    }

    /** A rival mints, whether the bounds allow one more or not. */
    World rival(World world) {
        return world.with(world.provider().mint(bounds, 0, world.now(), Killer.RIVAL).after());
    }
}
