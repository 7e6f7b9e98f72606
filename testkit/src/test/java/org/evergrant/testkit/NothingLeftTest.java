package org.evergrant.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class NothingLeftTest {
    @AfterEach
    void endTheThread() {
        LeavesThings.ending.countDown();
    }

    @Test
    void aCleanTestPasses() {
        assertThat(outcome("clean")).isNull();
    }

    @Test
    void aThreadLeftBehindFailsTheTest() {
        assertThat(outcome("leavesAThread")).hasMessage("threads left behind: [evergrant-left]");
    }

    @Test
    void theCanaryOnStandardOutputFailsTheTest() {
        assertThat(outcome("prints")).hasMessageContaining("shows the canary secret");
    }

    @Test
    void theCanaryInALogFailsTheTest() {
        assertThat(outcome("logs")).hasMessageContaining("shows the canary secret");
    }

    @Test
    void theCanaryInAnExceptionIsReportedWithoutIt() {
        assertThat(outcome("throwsIt"))
                .hasMessage("a java.lang.IllegalStateException shows the canary secret")
                .hasNoCause();
    }

    private static @Nullable Throwable outcome(String method) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectMethod(LeavesThings.class, method))
                        .build();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(
                request,
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        if (test.isTest()) {
                            failure.set(result.getThrowable().orElse(null));
                        }
                    }
                });
        return failure.get();
    }
}
