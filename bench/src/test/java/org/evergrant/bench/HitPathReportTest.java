package org.evergrant.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Map;
import org.evergrant.bench.HitPathReport.Cost;
import org.evergrant.bench.HitPathReport.Row;
import org.junit.jupiter.api.Test;

final class HitPathReportTest {

    @Test
    void rowsAreRatiosToTheYardstick() {
        Map<Row, Cost> costs = new EnumMap<>(Row.class);
        costs.put(Row.GET, new Cost(30, 0.001));
        costs.put(Row.YARDSTICK, new Cost(25, 0));

        String table = HitPathReport.table(1, costs);

        assertThat(table.lines())
                .containsExactly(
                        "",
                        "| 1 thread | ratio | ns/op | bytes/op |",
                        "| --- | ---: | ---: | ---: |",
                        "| volatile read + `nanoTime()` | 1.00 | 25.0 | 0 |",
                        "| **Evergrant** `get()` | 1.20 | 30.0 | 0 |");
    }

    @Test
    void withoutAYardstickThereIsNoTable() {
        assertThatThrownBy(() -> HitPathReport.table(1, Map.of(Row.GET, new Cost(30, 0))))
                .hasMessageContaining("no yardstick");
    }
}
