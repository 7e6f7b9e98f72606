package org.evergrant.emulator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * An {@link Emulator} for the tests of a class, with a fresh state for each test.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmulatorExtension PROVIDER =
 *         EmulatorExtension.of(Emulator.builder().retention(Retention.newestOnly()));
 * }</pre>
 *
 * <p>In a static field it starts once for the class and is {@linkplain Emulator#restore restored}
 * before each test; in an instance field it starts and stops with each test. Tests take it from
 * {@link #emulator()} or, where a class has but one, as a parameter. One that several tests share
 * at the same time would mix up their counts: tests that run in parallel need an instance field.
 */
public final class EmulatorExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {
    private final Emulator.Builder builder;
    private @Nullable Emulator emulator;

    /** How many classes, each nested in the one before, are being tested with it. */
    private int classes;

    private EmulatorExtension(Emulator.Builder builder) {
        this.builder = builder;
    }

    /** With the demo app under {@code newest-only}. */
    public static EmulatorExtension create() {
        return of(Emulator.builder());
    }

    /** With whatever was built, on a free port unless another was named. */
    public static EmulatorExtension of(Emulator.Builder builder) {
        return new EmulatorExtension(builder);
    }

    /**
     * The emulator of the test that is running.
     *
     * @throws IllegalStateException outside a test
     */
    public Emulator emulator() {
        Emulator running = emulator;
        if (running == null) {
            throw new IllegalStateException(
                    "no emulator outside a test: is the field annotated with @RegisterExtension?");
        }
        return running;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        classes++;
        begin();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin().restore();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (classes == 0) {
            end();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            end();
        }
    }

    private Emulator begin() {
        Emulator running = emulator;
        if (running == null) {
            running = builder.start();
            emulator = running;
        }
        return running;
    }

    private void end() {
        Emulator running = emulator;
        emulator = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Emulator.class;
    }

    @Override
    public Emulator resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return emulator();
    }
}
