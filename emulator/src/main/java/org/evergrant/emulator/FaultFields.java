package org.evergrant.emulator;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** Reads the body of {@code POST /_emulator/faults}. */
final class FaultFields {
    private static final String KNOWN =
            "fault, count, retry_after_s, retry_after_as, delay_ms, client_id";
    private static final int MAX_COUNT = 1_000_000;

    private FaultFields() {}

    static FaultOrder read(Map<String, Object> fields, Provider provider) {
        Complaints complaints = new Complaints();
        FaultOrder order = FaultOrder.of(Fault.DROP, 1);
        if (!fields.containsKey("fault")) {
            complaints.add("fault", "missing (expected: its name)");
        }
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            try {
                order = with(order, field.getKey(), field.getValue(), provider);
            } catch (IllegalArgumentException e) {
                complaints.add(field.getKey(), String.valueOf(e.getMessage()));
            }
        }
        complaints.throwIfAny();
        return order;
    }

    private static FaultOrder with(FaultOrder order, String name, Object value, Provider provider) {
        return switch (name) {
            case "fault" ->
                    new FaultOrder(
                            Fault.parse(value.toString()),
                            order.count(),
                            order.clientId(),
                            order.retryAfter(),
                            order.retryAfterAs(),
                            order.delay());
            case "count" ->
                    new FaultOrder(
                            order.fault(),
                            (int) within(value, 1, MAX_COUNT),
                            order.clientId(),
                            order.retryAfter(),
                            order.retryAfterAs(),
                            order.delay());
            case "client_id" -> order.forApp(known(value, provider));
            case "retry_after_s" ->
                    order.retryAfter(
                            Duration.ofSeconds(within(value, 0, 86_400)), order.retryAfterAs());
            case "retry_after_as" ->
                    new FaultOrder(
                            order.fault(),
                            order.count(),
                            order.clientId(),
                            order.retryAfter(),
                            form(value.toString()),
                            order.delay());
            case "delay_ms" -> order.delay(Duration.ofMillis(within(value, 0, 3_600_000)));
            default -> throw new IllegalArgumentException("unknown (expected: " + KNOWN + ")");
        };
    }

    private static long within(Object value, long least, long most) {
        long number = AppFields.whole(value);
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    number + " (expected: " + least + " to " + most + ")");
        }
        return number;
    }

    private static String known(Object value, Provider provider) {
        if (value instanceof String clientId && provider.app(clientId) != null) {
            return clientId;
        }
        throw new IllegalArgumentException(
                Durations.quoted(value.toString()) + " (expected: an app that is there)");
    }

    private static FaultOrder.RetryAfterForm form(String text) {
        for (FaultOrder.RetryAfterForm form : FaultOrder.RetryAfterForm.values()) {
            if (form.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return form;
            }
        }
        throw new IllegalArgumentException(
                Durations.quoted(text) + " (expected: seconds, http-date or iso-8601)");
    }
}
