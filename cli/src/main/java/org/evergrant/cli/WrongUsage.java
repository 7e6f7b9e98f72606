package org.evergrant.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong with a command line in a line or two, which a page of help would push off the
 * screen. What nobody expected is not repeated: it may be a secret after a misspelled option.
 */
final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(
                "evergrant: "
                        + (wrong instanceof UnmatchedArgumentException unmatched
                                ? unexpected(unmatched, name)
                                : wrong.getMessage()));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        if (name.equals("evergrant exec") && !Arrays.asList(args).contains("--")) {
            err.println("Put -- before COMMAND and its own options.");
        }
        err.println("See " + name + " --help.");
        return Exit.WRONG;
    }

    private static String unexpected(UnmatchedArgumentException wrong, String name) {
        String first = wrong.getUnmatched().get(0);
        if (first.startsWith("--")) {
            return "unknown option: '" + first.replaceFirst("=.*", "") + "'";
        }
        if (first.startsWith("-")) {
            return "unknown option: '" + first.substring(0, Math.min(2, first.length())) + "'";
        }
        // The longest command has ten letters.
        return name.equals("evergrant") && first.matches("[a-z]{1,14}")
                ? "no command '" + first + "'"
                : "an argument too many for " + name;
    }
}
