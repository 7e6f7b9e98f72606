package org.evergrant.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The rules of names, and the one mark that every package carries. */
final class Naming {
    static final ArchRule PACKAGES_SAY_WHAT_THEY_HOLD =
            noClasses()
                    .should()
                    .resideInAnyPackage(
                            "..util..",
                            "..utils..",
                            "..common..",
                            "..impl..",
                            "..helper..",
                            "..helpers..");

    static final ArchRule CLASSES_SAY_WHAT_THEY_ARE =
            noClasses()
                    .should()
                    .haveSimpleNameEndingWith("Impl")
                    .orShould()
                    .haveSimpleNameStartingWith("Default");

    static final ArchRule PACKAGES_ARE_NULL_MARKED =
            classes()
                    .should(
                            new ArchCondition<JavaClass>("be in a @NullMarked package") {
                                @Override
                                public void check(JavaClass item, ConditionEvents events) {
                                    boolean marked =
                                            item.getPackage()
                                                    .tryGetPackageInfo()
                                                    .map(i -> i.isAnnotatedWith(NullMarked.class))
                                                    .orElse(false);
                                    String message =
                                            item.getName() + " is in a package without @NullMarked";
                                    events.add(new SimpleConditionEvent(item, marked, message));
                                }
                            });

    private Naming() {}
}
