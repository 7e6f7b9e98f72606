package org.evergrant.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.evergrant.App;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.ConfigurationException;
import org.evergrant.broker.config.StoreSpec;
import org.evergrant.spi.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves the tokens of all apps to another store. */
@Command(
        name = "move",
        description = "Moves the tokens of all apps to the store that another file names.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Nodes may go on meanwhile. They hand out what is promised and mint nothing any more;"
                    + " start each of",
            "them with the other file before the promises end. The same command again goes on where"
                    + " one was",
            "broken off; with the two files exchanged it moves everything back.",
            "",
            "  evergrant store move --config old.yaml --to new.yaml"
        })
final class StoreMoveCommand implements Callable<Integer> {
    @Mixin private Configured configured = new Configured();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FILE",
            description = "The configuration with the other store, and the same apps.")
    private Path to = Path.of("");

    @Override
    public Integer call() {
        Configuration here = configured.read();
        Configuration there = Configuration.load(to, System.getenv());
        refuseWhatDoesNotFit(here, there);
        try (Store source = here.openStore();
                Store target = there.openStore()) {
            StoreMove move =
                    new StoreMove(
                            source, here.store().toString(), target, there.store().toString());
            move.run(List.copyOf(here.apps().values()), System.out::println);
        }
        System.out.println(
                "Start every node with "
                        + to
                        + " before these promises end: it mints here no more.");
        return Exit.DONE;
    }

    private void refuseWhatDoesNotFit(Configuration here, Configuration there) {
        List<String> faults = new ArrayList<>();
        for (Configuration one : List.of(here, there)) {
            if (one.store() instanceof StoreSpec.Memory) {
                faults.add(one.source() + ": store: memory (expected: one that others can open)");
            }
        }
        if (here.store().toString().equals(there.store().toString())) {
            faults.add(there.source() + ": store: the same as in " + here.source());
        }
        for (App app : here.apps().values()) {
            App other = there.apps().get(app.id().value());
            if (other == null || !other.recordId().equals(app.recordId())) {
                faults.add(
                        there.source()
                                + ": apps."
                                + app.id()
                                + ": "
                                + (other == null ? "missing" : "another registration")
                                + " (expected: as in "
                                + here.source()
                                + ")");
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
    }
}
