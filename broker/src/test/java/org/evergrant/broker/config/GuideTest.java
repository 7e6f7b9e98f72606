package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about the configuration and the loader know the same keys. */
final class GuideTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    @Test
    void pageHasEveryKeyAndNoOther() throws IOException {
        String page = Files.readString(Path.of("../docs/guide/configuration.md"));
        List<String> named = new ArrayList<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            named.add(row.group(1));
        }

        List<String> known = new ArrayList<>(Keys.TOP);
        known.addAll(Keys.APP);
        known.addAll(Keys.CALLER);
        known.add("memory"); // a store, in a table of its own
        assertThat(named).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void pageHasEveryVariable() throws IOException {
        String page = Files.readString(Path.of("../docs/guide/configuration.md"));

        List<String> known = new ArrayList<>(FromEnvironment.REQUIRED);
        known.addAll(FromEnvironment.OPTIONAL);
        assertThat(known).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }
}
