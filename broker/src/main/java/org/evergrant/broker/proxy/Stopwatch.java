package org.evergrant.broker.proxy;

/** Adds up what it is run for. */
final class Stopwatch {
    private long began;
    private long sum;
    private boolean running;
    private boolean used;

    void start() {
        began = System.nanoTime();
        running = true;
        used = true;
    }

    void stop() {
        if (running) {
            sum += System.nanoTime() - began;
            running = false;
        }
    }

    boolean isRunning() {
        return running;
    }

    /** Stops it, and returns the sum; negative if it was never started. */
    long nanos() {
        stop();
        return used ? sum : -1;
    }
}
