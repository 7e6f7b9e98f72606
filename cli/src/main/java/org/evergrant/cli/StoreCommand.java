package org.evergrant.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.evergrant.broker.config.Configuration;
import org.evergrant.broker.config.ConfigurationException;
import org.evergrant.broker.config.StoreSpec;
import org.evergrant.jdbc.PostgresStore;
import org.evergrant.seal.SealingKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done to a store now and then. */
@Command(
        name = "store",
        description = "Prepares a store for many machines, or moves the tokens to another one.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StoreCommand.Key.class, StoreCommand.Schema.class, StoreMoveCommand.class},
        footer = {
            "",
            "  evergrant store key                          a new key for all machines",
            "  evergrant store schema | psql -d tokens      the tables, made by somebody who may",
            "  evergrant store move --to new.yaml           all tokens to the store of new.yaml"
        })
final class StoreCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** Prints a new key. */
    @Command(
            name = "key",
            description = "Prints a new key, for store-key or EVERGRANT_KEY on every machine.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Whoever has it and can read the store has the tokens.",
                "",
                "  umask 077; evergrant store key > /etc/evergrant/store.key"
            })
    static final class Key implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.println(SealingKey.newText());
            return Exit.DONE;
        }
    }

    /** Prints the script that makes the tables. */
    @Command(
            name = "schema",
            description =
                    "Prints the SQL that makes the tables of the configured PostgreSQL store and"
                            + " lets its user use them.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Needed only where that user may not make tables. It asks no database.",
                "",
                "  evergrant store schema | psql -d tokens"
            })
    static final class Schema implements Callable<Integer> {
        @Mixin private Configured configured = new Configured();

        @Override
        public Integer call() {
            Configuration configuration = configured.read();
            if (!(configuration.store() instanceof StoreSpec.Postgres postgres)) {
                throw new ConfigurationException(
                        List.of(
                                "evergrant: the store is "
                                        + configuration.store()
                                        + " (expected: postgresql://…; no other store needs a"
                                        + " script)"));
            }
            System.out.print(PostgresStore.script(postgres.url()));
            return Exit.DONE;
        }
    }
}
