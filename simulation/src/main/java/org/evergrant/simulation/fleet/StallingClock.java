package org.evergrant.simulation.fleet;

import java.time.Duration;
import org.evergrant.spi.TimeSource;

/** A machine's clock, after the reading of which the machine may stand still. */
final class StallingClock implements TimeSource {
    private final Machine machine;
    private final double stalls;
    private final Chance chance;
    private final Judge judge;
    private final Trace trace;

    StallingClock(Machine machine, double stalls, Chance chance, Judge judge, Trace trace) {
        this.machine = machine;
        this.stalls = stalls;
        this.chance = chance;
        this.judge = judge;
        this.trace = trace;
    }

    @Override
    public long nanos() {
        long reading = machine.nanos();
        if (Coroutine.isInside() && chance.happens(stalls)) {
            long nanos = chance.span(100 * Span.MILLISECOND, 2 * Span.MINUTE);
            trace.note(Trace.NONE, machine.number(), Happening.STALLED, nanos);
            judge.disturbedBy(machine.number(), nanos);
            machine.stallHere(nanos);
        }
        return reading;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return machine.after(delay, task);
    }

    @Override
    public void close() {
        machine.close();
    }
}
