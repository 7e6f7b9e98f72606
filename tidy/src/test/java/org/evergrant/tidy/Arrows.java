package org.evergrant.tidy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Map;
import java.util.Set;

/**
 * Which module may use which. A module is told by the package below the base; core is the base
 * itself and {@code spi}. A module without a row here may not exist: whoever adds one says here
 * what it may see.
 */
final class Arrows {
    private static final Set<String> STORES = Set.of("jdbc", "valkey");

    private static final Map<String, Set<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry("core", Set.of()),
                    Map.entry("emulator", Set.of()),
                    Map.entry("servers", Set.of("core", "testkit")),
                    Map.entry("seal", Set.of("core")),
                    Map.entry("testkit", Set.of("core")),
                    Map.entry("jdbc", Set.of("core", "seal")),
                    Map.entry("valkey", Set.of("core", "seal")),
                    Map.entry("broker", Set.of("core", "seal", "jdbc", "valkey")),
                    Map.entry(
                            "cli", Set.of("core", "seal", "jdbc", "valkey", "broker", "emulator")),
                    Map.entry("simulation", Set.of("core", "testkit")),
                    Map.entry("interleavings", Set.of("core", "testkit")),
                    Map.entry(
                            "bench",
                            Set.of(
                                    "core",
                                    "seal",
                                    "jdbc",
                                    "valkey",
                                    "broker",
                                    "emulator",
                                    "testkit",
                                    "servers")));

    private final String base;

    Arrows(String base) {
        this.base = base;
    }

    /** Every class uses only the modules that its own module may use. */
    ArchRule keptBy(String module) {
        return ArchRuleDefinition.classes().should(useOnlyWhatIsAllowedTo(module));
    }

    static Set<String> modules() {
        return MAY_USE.keySet();
    }

    static Set<String> stores() {
        return STORES;
    }

    static Set<String> mayUse(String module) {
        return MAY_USE.getOrDefault(module, Set.of());
    }

    /** Every class belongs to a module that has a row. */
    ArchRule everyModuleHasARow() {
        return ArchRuleDefinition.classes()
                .should(
                        new ArchCondition<JavaClass>("belong to a module with a row in Arrows") {
                            @Override
                            public void check(JavaClass item, ConditionEvents events) {
                                String module = moduleOf(item.getPackageName());
                                String message = item.getName() + " is in module " + module;
                                events.add(
                                        new SimpleConditionEvent(
                                                item, MAY_USE.containsKey(module), message));
                            }
                        });
    }

    private ArchCondition<JavaClass> useOnlyWhatIsAllowedTo(String module) {
        Set<String> allowed = mayUse(module);
        return new ArchCondition<>("use only what " + module + " may use: " + allowed) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                if (!moduleOf(item.getPackageName()).equals(module)) {
                    return;
                }
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    String target =
                            moduleOf(
                                    dependency
                                            .getTargetClass()
                                            .getBaseComponentType()
                                            .getPackageName());
                    boolean fine =
                            target.isEmpty() || target.equals(module) || allowed.contains(target);
                    events.add(
                            new SimpleConditionEvent(
                                    item,
                                    fine,
                                    module
                                            + " uses "
                                            + target
                                            + ": "
                                            + dependency.getDescription()));
                }
            }
        };
    }

    /** The module that owns a package; empty for a package that is not ours. */
    private String moduleOf(String packageName) {
        if (packageName.equals(base)) {
            return "core";
        }
        if (!packageName.startsWith(base + ".")) {
            return "";
        }
        String below = packageName.substring(base.length() + 1);
        String first = below.contains(".") ? below.substring(0, below.indexOf('.')) : below;
        return first.equals("spi") ? "core" : first;
    }
}
