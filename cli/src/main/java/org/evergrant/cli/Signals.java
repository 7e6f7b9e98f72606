package org.evergrant.cli;

import java.lang.reflect.Proxy;

/**
 * Acts on the signals of the operating system.
 *
 * <p>A shutdown hook learns of them too, but not of which, and after it the process ends with the
 * signal's exit code whatever it wanted to say. By reflection, because the compiler warns of every
 * mention of the JDK's signal classes and cannot be told not to.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} on a thread of its own at each signal called {@code name}, in place of
     * ending the process. Where there is no such signal, or the process was started with it
     * ignored, nothing changes.
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    action.run();
                                    return null;
                                }
                                return method.invoke(action, arguments);
                            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException none) {
            System.getLogger(Signals.class.getName())
                    .log(System.Logger.Level.DEBUG, "no signal " + name, none);
        }
    }
}
