package org.evergrant.simulation.fleet;

import java.util.concurrent.Executor;
import org.evergrant.Node;
import org.evergrant.TokenSource;
import org.jspecify.annotations.Nullable;

/** A machine, the node that runs on it, and what happens to the two. */
final class Seat {
    private final World world;
    private final Planted planted;
    private final Machine machine;
    private final Chance chance;
    private @Nullable Running running;

    /** What there is while the machine is up. */
    private static final class Running {
        private final StoreDoor door;
        private final ProviderMinter minter;
        private final Node node;
        private final Hands hands;

        private Running(StoreDoor door, ProviderMinter minter, Node node, Hands hands) {
            this.door = door;
            this.minter = minter;
            this.node = node;
            this.hands = hands;
        }
    }

    /** The threads of a node: work is begun a little later, and can be left in the middle. */
    private static final class Hands implements Executor {
        private final Machine machine;
        private final Chance chance;
        private int busy;
        private boolean isHurried;

        private Hands(Machine machine, Chance chance) {
            this.machine = machine;
            this.chance = chance;
        }

        @Override
        public void execute(Runnable work) {
            if (isHurried) {
                work.run();
                return;
            }
            long delay =
                    chance.happens(0.99)
                            ? chance.from(1_000, 50_000)
                            : chance.span(50 * Span.MICROSECOND, 50 * Span.MILLISECOND);
            busy++;
            machine.later(
                    delay,
                    () ->
                            Coroutine.start(() -> {
                                work.run();
                                busy--;
                            }));
        }
    }

    Seat(World world, Planted planted, Machine machine, Chance chance) {
        this.world = world;
        this.planted = planted;
        this.machine = machine;
        this.chance = chance;
    }

    /** Has everything that goes wrong with a machine go wrong from now on. */
    void begin() {
        Rates rates = world.plan().rates();
        world.agenda().after(chance.span(Span.MILLISECOND, Span.MINUTE), this::start);
        world.every(chance, rates.crash(), this::crash);
        world.every(chance, rates.close(), this::close);
        world.every(chance, rates.stall(), this::stall);
        world.every(chance, rates.suspend(), this::suspend);
        world.every(chance, rates.cutOff(), this::cutOff);
    }

    private void start() {
        machine.start();
        note(Happening.STARTED, machine.life());
        int number = machine.number();
        Rates rates = world.plan().rates();
        StoreDoor door = new StoreDoor(world, machine, chance.split());
        ProviderMinter minter = new ProviderMinter(world, machine, chance.split());
        Hands hands = new Hands(machine, chance.split());
        StallingClock clock =
                new StallingClock(
                        machine,
                        rates.stallAtClock(),
                        chance.split(),
                        world.judge(),
                        world.trace());
        Node node =
                Node.builder()
                        .store(planted.store(door, number))
                        .minter(planted.minter(minter, number))
                        .time(planted.time(clock, number))
                        .executor(hands)
                        .build();
        running = new Running(door, minter, node, hands);
        for (AppPlan app : world.plan().apps()) {
            if (app.machines().contains(number)) {
                TokenSource tokens = node.tokens(planted.app(app.app()));
                new Caller(world, app, machine, planted.tokens(tokens, number), chance.split())
                        .begin();
            }
        }
    }

    private void crash() {
        if (machine.isUp()) {
            note(Happening.CRASHED, 0);
            end();
            machine.die();
        }
    }

    /** Ends the node as its owner would, at a moment when it need not wait for a mint. */
    private void close() {
        Running now = running;
        if (now == null || machine.isStalled() || now.hands.busy > 0 || !now.minter.isIdle()) {
            return;
        }
        note(Happening.CLOSED, 0);
        now.hands.isHurried = true;
        end();
        now.node.close();
    }

    private void end() {
        long down = chance.span(Span.SECOND, Span.HOUR);
        world.judge().disturbedBy(machine.number(), down);
        if (running != null) {
            running.door.close();
        }
        running = null;
        world.agenda().after(down, this::start);
    }

    private void stall() {
        if (machine.isUp()) {
            long nanos = chance.span(10 * Span.MILLISECOND, Disturbances.LONGEST_STALL);
            note(Happening.STALLED, nanos);
            world.judge().disturbedBy(machine.number(), nanos);
            long _ = machine.stall(nanos);
        }
    }

    private void suspend() {
        if (machine.isUp()) {
            long nanos = chance.span(Span.SECOND, Disturbances.LONGEST_SUSPENSION);
            note(Happening.SUSPENDED, nanos);
            world.judge().suspended(machine.number(), nanos);
            machine.suspend(nanos);
        }
    }

    private void cutOff() {
        if (running != null) {
            long nanos = chance.span(Span.SECOND, 2 * Span.HOUR);
            note(Happening.CUT_OFF, nanos);
            running.door.cutOff(world.agenda().now() + nanos);
        }
    }

    private void note(Happening what, long value) {
        world.trace().note(Trace.NONE, machine.number(), what, value);
    }
}
