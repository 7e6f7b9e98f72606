package org.evergrant.emulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that mints have still to suffer, in the order they were asked for. */
final class FaultQueue {
    private final List<FaultOrder> orders = new ArrayList<>();
    private volatile boolean empty = true;

    synchronized void add(FaultOrder order) {
        orders.add(order);
        empty = false;
    }

    /** The next fault meant for this app's mint, which is thereby used up. */
    @Nullable FaultOrder take(String clientId) {
        return empty ? null : takeFirst(clientId);
    }

    private synchronized @Nullable FaultOrder takeFirst(String clientId) {
        for (int i = 0; i < orders.size(); i++) {
            FaultOrder order = orders.get(i);
            if (order.clientId() == null || order.clientId().equals(clientId)) {
                if (order.count() == 1) {
                    orders.remove(i);
                    empty = orders.isEmpty();
                } else {
                    orders.set(i, order.less());
                }
                return order;
            }
        }
        return null;
    }

    synchronized List<FaultOrder> pending() {
        return List.copyOf(orders);
    }

    synchronized void clear() {
        orders.clear();
        empty = true;
    }
}
