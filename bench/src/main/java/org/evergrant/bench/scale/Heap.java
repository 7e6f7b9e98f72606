package org.evergrant.bench.scale;

import java.lang.management.ManagementFactory;

/** The heap of this process. */
final class Heap {
    /** One collection leaves what the one before has only made ready to go. */
    private static final int COLLECTIONS = 3;

    private Heap() {}

    /** Returns the bytes in use after everything has been collected that can be. */
    static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
