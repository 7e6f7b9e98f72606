package org.evergrant;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.util.ExceptionResult;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.Verifier;

/**
 * Runs a stage again and again, each time with another order in which the reads and writes of its
 * threads come. A stage is a class with {@link Operation}s for the threads and one {@link Validate}
 * for afterwards; a thread is the names of its operations.
 *
 * <p>Lincheck takes first the orders with one change of thread, each once, then those with two, and
 * so on, until it has taken all or the number is reached. It also reports threads that wait for
 * ever. Looked into are the keeper, the rotor, the mailbox, what they keep, and futures; everything
 * else happens in one go, because it is pure or has one point at which it happens.
 */
final class Interleavings {
    /** Of a whole node, of which a hundred orders take a second or two. */
    private static final int ORDERS = 60;

    /** Of a small class. */
    private static final int MANY_ORDERS = 1500;

    /** A planted bug has to be found within this many times as many; mostly it takes a few. */
    private static final int SEARCHED = 5;

    /** For longer explorations by hand. */
    private static final int TIMES = Integer.getInteger("interleavings.times", 1);

    /** Also under the name that {@link Planted} gives them. */
    private static final Pattern OURS = Pattern.compile("(planted\\d+\\.)?org\\.evergrant\\..*");

    private static final Pattern LOOKED_INTO =
            Pattern.compile(
                    "(planted\\d+\\.)?org\\.evergrant\\.(Keeper|Rotor|Mailbox|Waiters?|Leases|Node"
                            + "|Shared\\w+|Stage|\\w*Test|testkit\\.\\w+)(\\$.*)?");

    private static final Pattern JDK =
            Pattern.compile(
                    "java\\.(time|util\\.stream|util\\.regex)\\..*|java\\.util\\.[A-Z].*"
                            + "|java\\.util\\.concurrent\\.(Concurrent|CopyOnWrite).*");
    private static final Set<String> CALLING_BACK = Set.of("advance", "release", "releaseNext");

    /** Lincheck asks at every call. */
    private static final Map<String, Boolean> IN_ONE_GO = new ConcurrentHashMap<>();

    private Interleavings() {}

    /** Fails with the story of the first order in which an operation or the validation throws. */
    static void explore(Class<?> stage, String... threads) {
        explore(stage, ORDERS * TIMES, false, threads);
    }

    /** The same for a stage without a node. */
    static void exploreMany(Class<?> stage, String... threads) {
        explore(stage, MANY_ORDERS * TIMES, false, threads);
    }

    /** The same where threads block; slower, because futures are looked into too. */
    static void exploreBlocking(Class<?> stage, String... threads) {
        explore(stage, ORDERS * TIMES, true, threads);
    }

    /**
     * Fails unless {@link #explore} fails, with {@code story} in its words, when the stage sees the
     * planted bug.
     */
    static void find(Planted bug, String story, Class<?> stage, String... threads) {
        found(story, () -> explore(bug.seenBy(stage), ORDERS * SEARCHED, false, threads));
    }

    /** The same for a stage without a node. */
    static void findAmongMany(Planted bug, String story, Class<?> stage, String... threads) {
        found(story, () -> explore(bug.seenBy(stage), MANY_ORDERS * SEARCHED, false, threads));
    }

    /** The same where threads block. */
    static void findBlocking(Planted bug, String story, Class<?> stage, String... threads) {
        found(story, () -> explore(bug.seenBy(stage), ORDERS * SEARCHED, true, threads));
    }

    private static void found(String story, ThrowingCallable exploration) {
        assertThatThrownBy(exploration)
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(story);
    }

    private static void explore(Class<?> stage, int orders, boolean blocking, String... threads) {
        List<List<Actor>> parallel = new ArrayList<>();
        for (String thread : threads) {
            parallel.add(Arrays.stream(thread.split(" ")).map(name -> actor(stage, name)).toList());
        }
        new ModelCheckingOptions()
                .iterations(0)
                .invocationsPerIteration(orders)
                .minimizeFailedScenario(false)
                // Not public in Kotlin: without it each order takes three times as long.
                .analyzeStdLib$lincheck(blocking)
                .verifier(NothingThrown.class)
                .addGuarantee(inOneGo())
                .addGuarantee(answersApart())
                .addCustomScenario(
                        new ExecutionScenario(List.of(), parallel, List.of(), validation(stage)))
                .check(stage);
    }

    private static ManagedStrategyGuarantee inOneGo() {
        return forClasses(name -> IN_ONE_GO.computeIfAbsent(name, Interleavings::isInOneGo))
                .allMethods()
                .treatAsAtomic();
    }

    private static boolean isInOneGo(String name) {
        boolean apart = LOOKED_INTO.matcher(name).matches();
        return (OURS.matcher(name).matches() && !apart) || JDK.matcher(name).matches();
    }

    /** What a fake calls back is looked into; what it does by itself happens in one go. */
    private static ManagedStrategyGuarantee answersApart() {
        return forClasses(name -> name.contains("org.evergrant.testkit."))
                .methods(name -> !CALLING_BACK.contains(name))
                .treatAsAtomic();
    }

    private static Actor actor(Class<?> stage, String name) {
        return new Actor(method(stage, name), List.of());
    }

    private static Method method(Class<?> stage, String name) {
        try {
            return stage.getMethod(name);
        } catch (NoSuchMethodException unknown) {
            throw new IllegalArgumentException(unknown);
        }
    }

    private static Actor validation(Class<?> stage) {
        return Arrays.stream(stage.getMethods())
                .filter(method -> method.isAnnotationPresent(Validate.class))
                .map(method -> new Actor(method, List.of()))
                .findFirst()
                .orElseThrow();
    }

    /** Made by Lincheck: an operation that throws has failed. */
    public static final class NothingThrown implements Verifier {
        public NothingThrown(Class<?> stage) {}

        @Override
        public boolean verifyResults(ExecutionScenario scenario, ExecutionResult result) {
            return result.getThreadsResultsWithClock().stream()
                    .flatMap(List::stream)
                    .noneMatch(one -> one.getResult() instanceof ExceptionResult);
        }
    }
}
