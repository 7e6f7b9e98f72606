package org.evergrant.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.evergrant.EvergrantException;
import org.evergrant.MisconfiguredException;
import org.evergrant.broker.config.ConfigurationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code evergrant} command. */
@Command(
        name = "evergrant",
        description = "Keeps OAuth access tokens alive for everyone who shares one app.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Without a configuration file, ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET"
                    + " make one app called zoom.",
            "Exit codes: 0 done, 1 it failed, 2 wrong usage or configuration, 75 try again later.",
            "",
            "  evergrant demo                     see it work, in half a minute",
            "  evergrant token zoom               a live token, for a script",
            "  evergrant serve                    a broker for every language",
            "  evergrant COMMAND --help           more about one command"
        })
public final class Main implements Runnable {
    /** Of the examples too, so that they can be copied as they are. */
    private static final int HELP_WIDTH = 100;

    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("emulator", EmulatorCommand::new);
        COMMANDS.put("token", TokenCommand::new);
        COMMANDS.put("exec", ExecCommand::new);
        COMMANDS.put("curl", CurlCommand::new);
        COMMANDS.put("status", StatusCommand::new);
        COMMANDS.put("renew", RenewCommand::new);
        COMMANDS.put("check", CheckCommand::new);
        COMMANDS.put("store", StoreCommand::new);
        COMMANDS.put("completion", CompletionCommand::new);
    }

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command inside this process; returns its exit code. */
    static int run(String... args) {
        CommandLine root = new CommandLine(new Main());
        Supplier<Object> one = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (one == null) {
            addAll(root);
        } else {
            // Reading the annotations of one command instead of ten is most of a quick start.
            root.addSubcommand(args[0], one.get());
        }
        prepare(root);
        int code = root.execute(args);
        // A script that reads a token must not take a full disk for an empty one.
        if (System.out.checkError() && code == Exit.DONE) {
            System.err.println("evergrant: cannot write to standard output");
            return Exit.FAILED;
        }
        return code;
    }

    /** Returns the whole command line, for help and for completion. */
    static CommandLine whole() {
        CommandLine root = new CommandLine(new Main());
        addAll(root);
        prepare(root);
        return root;
    }

    /** Settings reach only the subcommands that are there already. */
    private static void prepare(CommandLine root) {
        root.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
        root.setParameterExceptionHandler(new WrongUsage());
        root.setUsageHelpWidth(HELP_WIDTH);
    }

    @Override
    public void run() {
        whole().usage(System.out);
    }

    private static void addAll(CommandLine root) {
        COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.get()));
    }

    private static int explain(Exception failure, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigurationException wrong) {
            wrong.faults().forEach(err::println);
            return Exit.WRONG;
        }
        if (failure instanceof EvergrantException none) {
            err.println("evergrant: " + none.getMessage());
            return code(none);
        }
        if (failure instanceof ServeCommand.CannotListenException taken) {
            err.println("evergrant: " + taken.getMessage());
            return Exit.FAILED;
        }
        throw failure;
    }

    /** Returns whether a person must act or the same may be tried again. */
    static int code(EvergrantException failure) {
        return failure instanceof MisconfiguredException ? Exit.FAILED : Exit.LATER;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"evergrant " + (version == null ? "(not packaged)" : version)};
        }
    }
}
