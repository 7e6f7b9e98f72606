package org.evergrant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    private final StringWriter err = new StringWriter();

    @Test
    void unknownOptionIsWrongUsage() {
        int code = Main.run("--no-such-option");

        assertThat(code).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "emulator --ap account:client:canary",
                "emulator --app account:canary",
                "token zoom --ap=canary",
                "token zoom -canary",
                "token zoom canary",
                "exec zoom curl -H canary",
                "canary-1"
            })
    void unexpectedArgumentsAreNotRepeated(String line) {
        int code = run(line.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).startsWith("evergrant: ").doesNotContain("canary");
    }

    @Test
    void wrongUsageTakesAFewLinesThatNameTheHelp() {
        run("token");
        run("tokn");
        run("exec", "zoom", "curl", "-H");

        assertThat(err.toString().lines())
                .containsExactly(
                        "evergrant: Missing required parameter: 'APP'",
                        "See evergrant token --help.",
                        "evergrant: no command 'tokn'",
                        "Did you mean: evergrant token or evergrant store or evergrant"
                                + " emulator?",
                        "See evergrant --help.",
                        "evergrant: unknown option: '-H'",
                        "Put -- before COMMAND and its own options.",
                        "See evergrant exec --help.");
    }

    @Test
    void everyHelpHasAnExampleOnALineOfItsOwn() {
        List<CommandLine> all = List.copyOf(Main.whole().getSubcommands().values());

        assertThat(all)
                .hasSizeGreaterThan(8)
                .allSatisfy(command -> {
                    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
                    String name = command.getCommandSpec().qualifiedName();
                    assertThat(help.lines()).anyMatch(line -> line.matches("  .*" + name + ".*"));
                    for (String line : command.getCommandSpec().usageMessage().footer()) {
                        assertThat(help.lines()).contains(line);
                    }
                });
    }

    private int run(String... args) {
        return Main.whole().setErr(new PrintWriter(err, true)).execute(args);
    }
}
