package org.evergrant.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes of a trial. Each may be killed at any moment; those that serve come back. */
final class Crew implements AutoCloseable {
    static final int BY_SIGKILL = 128 + 9;
    private static final Duration STOPPING = Duration.ofSeconds(20);

    /** What a process is. */
    enum Kind {
        BROKER,
        LIBRARY,
        COMMAND
    }

    /**
     * One start of a process.
     *
     * @param name what stays the same when it is started again
     * @param command what was started
     * @param files the beginning of the names of what it leaves behind
     * @param startedAt when, or a little later
     */
    record Member(
            Kind kind,
            String name,
            CommandLine command,
            Path files,
            Process process,
            Instant startedAt) {
        Path output() {
            return Path.of(files + ".out");
        }

        Path errors() {
            return Path.of(files + ".err");
        }

        Path calls() {
            return Path.of(files + ".calls");
        }
    }

    private final Path folder;
    private final String provider;
    private final List<Member> all = new CopyOnWriteArrayList<>();
    private final List<Mishap> deaths = new CopyOnWriteArrayList<>();

    Crew(Path folder, String provider) {
        this.folder = folder;
        this.provider = provider;
    }

    void startBroker(String name, Path configuration, int port, Duration ahead) throws IOException {
        String address = "127.0.0.1:" + port;
        start(
                Kind.BROKER,
                name,
                files ->
                        JavaProcess.ahead(
                                ahead,
                                cli(
                                        "serve",
                                        "--config",
                                        configuration.toString(),
                                        "--listen",
                                        address)));
    }

    /**
     * Starts a process that uses the library.
     *
     * @param callers for each app
     * @param think the shortest pause between two calls of a caller
     * @param ahead of this process's clock
     */
    void startLibrary(String name, Path configuration, int callers, Duration think, Duration ahead)
            throws IOException {
        start(
                Kind.LIBRARY,
                name,
                files ->
                        JavaProcess.ahead(
                                ahead,
                                JavaProcess.of(
                                        LibraryCallers.class,
                                        configuration.toString(),
                                        files + ".calls",
                                        provider,
                                        Integer.toString(callers),
                                        Long.toString(think.toMillis()))));
    }

    Member startCommand(String app, Path configuration) throws IOException {
        return start(
                Kind.COMMAND,
                "token",
                files -> cli("token", app, "--json", "--config", configuration.toString()));
    }

    private static ProcessBuilder cli(String... args) {
        return JavaProcess.of(org.evergrant.cli.Main.class, args);
    }

    /** The command line of a process, by the beginning of the names of its files. */
    interface CommandLine {
        ProcessBuilder of(Path files);
    }

    private synchronized Member start(Kind kind, String name, CommandLine command)
            throws IOException {
        Path files = folder.resolve(name + "-" + all.size());
        ProcessBuilder builder =
                command.of(files)
                        .redirectOutput(Path.of(files + ".out").toFile())
                        .redirectError(Path.of(files + ".err").toFile());
        Member member = new Member(kind, name, command, files, builder.start(), Instant.now());
        all.add(member);
        return member;
    }

    /** Kills processes at once, and starts those again that serve. */
    void kill(List<Member> victims) throws IOException, InterruptedException {
        Instant from = Instant.now();
        victims.forEach(victim -> victim.process.destroyForcibly());
        for (Member victim : victims) {
            // A command may have ended by itself a moment before.
            if (victim.process.waitFor() == BY_SIGKILL) {
                deaths.add(
                        new Mishap(Mishap.Kind.KILLED, victim.process.pid(), from, Instant.now()));
            }
        }
        for (Member victim : victims) {
            if (victim.kind != Kind.COMMAND) {
                start(victim.kind, victim.name, victim.command);
            }
        }
    }

    /** Fails when a process that serves has ended without being killed. */
    void assertNoneFell() throws IOException {
        for (Member member : all) {
            long pid = member.process.pid();
            boolean serves = member.kind != Kind.COMMAND;
            if (serves && !member.process.isAlive() && deathOf(pid) == null) {
                throw new AssertionError(
                        member.name + " ended by itself: " + Files.readString(member.errors()));
            }
        }
    }

    /** Returns the processes that run. */
    List<Member> alive() {
        return all.stream().filter(member -> member.process.isAlive()).toList();
    }

    @Nullable Member byPid(long pid) {
        return all.stream().filter(one -> one.process.pid() == pid).findFirst().orElse(null);
    }

    /** Returns when the process of that id was killed, null if it was not. */
    @Nullable Mishap deathOf(long pid) {
        return deaths.stream().filter(death -> death.pid() == pid).findFirst().orElse(null);
    }

    List<Member> members() {
        return List.copyOf(all);
    }

    List<Mishap> deaths() {
        return List.copyOf(deaths);
    }

    /** Stops all processes as a system would that shuts down. */
    void stop() throws InterruptedException {
        List<Member> stopping = new ArrayList<>(alive());
        stopping.forEach(member -> member.process.destroy());
        for (Member member : stopping) {
            if (!member.process.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(member.name + " does not stop");
            }
        }
    }

    @Override
    public void close() {
        alive().forEach(member -> member.process.destroyForcibly());
    }
}
