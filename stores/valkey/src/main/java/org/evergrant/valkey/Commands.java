package org.evergrant.valkey;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Every command that is ever sent, but for the handshake, SUBSCRIBE and a cluster's topology. */
final class Commands {
    static final RedisCodec<String, byte[]> CODEC =
            RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

    /** On a healthy network a replica answers within milliseconds. Shorter than any call. */
    static final Duration REPLICATING = Duration.ofSeconds(1);

    private Commands() {}

    static AsyncCommand<String, byte[], List<byte[]>> hmget(String key, String... fields) {
        CommandArgs<String, byte[]> args = new CommandArgs<>(CODEC).addKey(key);
        for (String field : fields) {
            args.add(field);
        }
        return command(CommandType.HMGET, new ValueListOutput<>(CODEC), args);
    }

    static AsyncCommand<String, byte[], byte[]> get(String key) {
        return command(
                CommandType.GET, new ValueOutput<>(CODEC), new CommandArgs<>(CODEC).addKey(key));
    }

    static AsyncCommand<String, byte[], String> setIfAbsent(String key, byte[] value) {
        return command(
                CommandType.SET,
                new StatusOutput<>(CODEC),
                new CommandArgs<>(CODEC).addKey(key).addValue(value).add("NX"));
    }

    static AsyncCommand<String, byte[], List<byte[]>> time() {
        return command(CommandType.TIME, new ValueListOutput<>(CODEC), new CommandArgs<>(CODEC));
    }

    private static AsyncCommand<String, byte[], Long> waitFor(int replicas) {
        return command(
                CommandType.WAIT,
                new IntegerOutput<>(CODEC),
                new CommandArgs<>(CODEC).add(replicas).add(REPLICATING.toMillis()));
    }

    static AsyncCommand<String, byte[], List<byte[]>> configuration(String setting) {
        return command(
                CommandType.CONFIG,
                new ValueListOutput<>(CODEC),
                new CommandArgs<>(CODEC).add("GET").add(setting));
    }

    static AsyncCommand<String, byte[], String> asking() {
        return command(CommandType.ASKING, new StatusOutput<>(CODEC), new CommandArgs<>(CODEC));
    }

    /** Sends one command and returns its answer. */
    static <T> CompletableFuture<T> send(Session session, AsyncCommand<String, byte[], T> command) {
        session.send(List.of(command));
        return command;
    }

    /**
     * Runs a script by its name, and where the server does not know it, with its text. A server
     * that does not know it has not run it.
     *
     * @param send sends what the supplier makes
     */
    static <T, R> CompletableFuture<R> run(
            Script script,
            Supplier<CommandOutput<String, byte[], T>> output,
            String key,
            List<byte[]> values,
            Function<Supplier<AsyncCommand<String, byte[], T>>, CompletableFuture<R>> send) {
        return send.apply(() ->
                        script(CommandType.EVALSHA, script.digest(), output.get(), key, values))
                .exceptionallyCompose(failure -> {
                    if (!(cause(failure) instanceof RedisNoScriptException)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    String text = Stamp.text(script.text());
                    return send.apply(
                            () -> script(CommandType.EVAL, text, output.get(), key, values));
                });
    }

    /**
     * Sends commands and a WAIT behind them as one, so that no reconnection comes in between: on a
     * new connection WAIT would answer for nothing.
     */
    static <T> CompletableFuture<Session.Replicated<T>> together(
            StatefulRedisConnection<String, byte[]> connection,
            List<AsyncCommand<String, byte[], ?>> before,
            AsyncCommand<String, byte[], T> command,
            int replicas) {
        AsyncCommand<String, byte[], Long> wait = waitFor(replicas);
        List<AsyncCommand<String, byte[], ?>> all = new ArrayList<>(before);
        all.add(command);
        all.add(wait);
        connection.dispatch(all);
        return command.thenCombine(wait, Session.Replicated::new);
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static <T> AsyncCommand<String, byte[], T> script(
            CommandType type,
            String name,
            CommandOutput<String, byte[], T> output,
            String key,
            List<byte[]> values) {
        return command(
                type,
                output,
                new CommandArgs<>(CODEC).add(name).add(1).addKey(key).addValues(values));
    }

    private static <T> AsyncCommand<String, byte[], T> command(
            ProtocolKeyword type,
            CommandOutput<String, byte[], T> output,
            CommandArgs<String, byte[]> args) {
        return new AsyncCommand<>(new Command<>(type, output, args));
    }
}
