package org.evergrant.bench.scale;

import java.lang.management.ManagementFactory;

/** The heap of this process. */
final class Heap {
    /**
     * One collection leaves what the one before has only made ready to go; and the serial collector
     * closes all gaps between what is alive only at every fourth, and counts those left as in use.
     */
    private static final int COLLECTIONS = 4;

    private Heap() {}

    /** Returns the bytes in use after everything has been collected that can be. */
    static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
