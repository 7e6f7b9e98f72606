package org.evergrant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** How many leases each generation of one app's tokens has. For any number of threads. */
final class Leases {
    private static final VarHandle COUNTS;

    static {
        try {
            COUNTS =
                    MethodHandles.lookup()
                            .findVarHandle(Leases.class, "counts", ConcurrentMap.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Null before the first lease: of the many apps a node may have, most never see one. */
    private volatile @Nullable ConcurrentMap<Long, Integer> counts;

    void hold(long generation) {
        counts().merge(generation, 1, Integer::sum);
    }

    /** Ends one lease, and says whether it was the last of its generation. */
    boolean release(long generation) {
        return counts().computeIfPresent(generation, (key, held) -> held == 1 ? null : held - 1)
                == null;
    }

    boolean isHeld(long generation) {
        ConcurrentMap<Long, Integer> there = counts;
        return there != null && there.containsKey(generation);
    }

    private ConcurrentMap<Long, Integer> counts() {
        ConcurrentMap<Long, Integer> there = counts;
        if (there == null) {
            COUNTS.compareAndSet(this, null, new ConcurrentHashMap<Long, Integer>());
            there = Objects.requireNonNull(counts);
        }
        return there;
    }
}
