package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.Optional;
import java.util.stream.IntStream;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.MintBudget;
import org.evergrant.Retention;
import org.evergrant.Secret;
import org.junit.jupiter.api.Test;

class PolicyTest {

    @Test
    void policyIsWhatTheAppSays() {
        Policy policy = Policy.of(app("zoom"));

        assertThat(policy)
                .isEqualTo(
                        new Policy(
                                AppId.of("zoom"),
                                Retention.newest(2),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2),
                                Optional.of(MintBudget.parse("10/10m")),
                                Duration.ofSeconds(9),
                                Duration.ofMinutes(20)));
    }

    @Test
    void mintSentAtTheLastMomentArrivesWhileItsClaimHolds() {
        App app = app("zoom");
        Policy policy = Policy.of(app);
        Claim claim = Rotation.claim(AppRecord.EMPTY, policy, "node", 0, Rotated.at(0));

        Instant arrived = policy.sendBy(claim).plus(app.mintDeadline()).plus(app.settle());

        assertThat(policy.sendBy(claim)).isAfter(claim.at());
        assertThat(claim.until()).isEqualTo(arrived);
    }

    @Test
    void claimOutlivesTheMint() {
        assertThat(Policy.of(app("zoom")).claimLife()).isGreaterThan(app("zoom").mintDeadline());
    }

    @Test
    void renewalsOfDifferentAppsAndRetriesOfOneAreSpread() {
        DoubleSummaryStatistics apps =
                IntStream.range(0, 500)
                        .mapToDouble(i -> Policy.of(app("app-" + i)).spread(0))
                        .summaryStatistics();
        DoubleSummaryStatistics tries =
                IntStream.range(0, 500)
                        .mapToDouble(i -> Policy.of(app("zoom")).spread(i))
                        .summaryStatistics();

        for (DoubleSummaryStatistics spread : new DoubleSummaryStatistics[] {apps, tries}) {
            assertThat(spread.getMin()).isBetween(0.0, 0.05);
            assertThat(spread.getMax()).isBetween(0.95, 1.0);
            assertThat(spread.getAverage()).isBetween(0.4, 0.6);
        }
    }

    private static App app(String id) {
        return App.builder(AppId.of(id))
                .tokenUrl(URI.create("https://provider.example/token"))
                .clientId("client")
                .clientSecret(Secret.of("secret"))
                .retention(Retention.newest(2))
                .margin(Duration.ofSeconds(30))
                .settle(Duration.ofSeconds(2))
                .mintBudget(MintBudget.parse("10/10m"))
                .mintDeadline(Duration.ofSeconds(5))
                .lifeIfUnsaid(Duration.ofMinutes(20))
                .build();
    }
}
