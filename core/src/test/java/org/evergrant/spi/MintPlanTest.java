package org.evergrant.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.evergrant.spi.Rotated.at;
import static org.evergrant.spi.Rotated.holding;
import static org.evergrant.spi.Rotated.token;

import org.evergrant.Token.Standing;
import org.junit.jupiter.api.Test;

/** Which index a mint goes to. */
class MintPlanTest {

    @Test
    void rejectedOrSuspectNewestTokenIsReplacedAtItsOwnIndex() {
        for (Standing standing : new Standing[] {Standing.REJECTED, Standing.SUSPECT}) {
            AppRecord record = holding(token(1, 1, 0).as(standing));

            assertThat(plan("indexed:3", record, 10)).isEqualTo(new MintPlan(1, at(10)));
        }
    }

    @Test
    void indexThatTheRulesNoLongerHaveIsNotUsed() {
        AppRecord record = holding(token(1, 2, 0).as(Standing.REJECTED));

        assertThat(plan("indexed:2", record, 10).index()).isZero();
    }

    @Test
    void expiredGoodTokenGivesItsIndexNoPreference() {
        AppRecord record = holding(token(1, 1, 0));

        assertThat(plan("indexed:2", record, 1_000_000).index()).isZero();
    }

    @Test
    void rejectedTokenGivesNoPreferenceWhereAGoodOneSharesItsIndex() {
        // As after a change of the configuration from newest:2.
        AppRecord record = holding(token(2, 0, 100_000).as(Standing.REJECTED), token(1, 0, 0));

        assertThat(plan("indexed:2", record, 200_000)).isEqualTo(new MintPlan(1, at(200_000)));
    }

    @Test
    void lowestIndexWithoutALiveTokenIsNext() {
        assertThat(plan("indexed:4", holding(token(1, 0, 0)), 10).index()).isEqualTo(1);
        assertThat(plan("indexed:4", holding(token(2, 1, 5), token(1, 0, 0)), 10).index())
                .isEqualTo(2);
    }

    @Test
    void indexWithoutALiveTokenIsBetterThanOneWithoutAPromise() {
        AppRecord record = holding(token(1, 0, 0));

        assertThat(plan("indexed:2", record, 950_000)).isEqualTo(new MintPlan(1, at(950_000)));
    }

    @Test
    void whereAllAreTakenTheOneWhosePromiseEndsFirstIsNext() {
        AppRecord zeroFirst = holding(token(2, 1, 100_000), token(1, 0, 0));
        AppRecord oneFirst = holding(token(2, 0, 100_000), token(1, 1, 0));

        assertThat(plan("indexed:2", zeroFirst, 200_000)).isEqualTo(new MintPlan(0, at(941_000)));
        assertThat(plan("indexed:2", oneFirst, 200_000)).isEqualTo(new MintPlan(1, at(941_000)));
    }

    private static MintPlan plan(String retention, AppRecord record, long ms) {
        return MintPlan.of(record, Rotated.under(retention).policy, at(ms));
    }
}
