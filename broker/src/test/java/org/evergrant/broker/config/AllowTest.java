package org.evergrant.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowTest {

    @ParameterizedTest
    @CsvSource({
        "GET /v2/users/**, GET, /v2/users/me, true",
        "GET /v2/users/**, GET, /v2/users/me/meetings, true",
        "GET /v2/users/**, GET, /v2/users, true",
        "GET /v2/users/**, GET, /v2/users/, true",
        "GET /v2/users/**, GET, /v2/usersx, false",
        "GET /v2/users/**, POST, /v2/users/me, false",
        "GET /v2/users/**, GET, /v2, false",
        "GET /v2/users/*, GET, /v2/users/me, true",
        "GET /v2/users/*, GET, /v2/users/me/x, false",
        "GET /v2/users/*, GET, /v2/users/, false",
        "GET /v2/users/*, GET, /v2/users, false",
        "GET /v2/*/me, GET, /v2/users/me, true",
        "GET /v2/users, GET, /v2/users, true",
        "GET /v2/users, GET, /v2/users/, false",
        "GET /v2/users/, GET, /v2/users/, true",
        "* /**, DELETE, /anything/at/all, true",
        "* /**, GET, /, true",
        "GET /, GET, /, true",
        "GET /, GET, /x, false"
    })
    void rulesCoverWhatTheySay(String rule, String method, String path, boolean covers) {
        assertThat(Allow.parse(rule).covers(method, path)).isEqualTo(covers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET",
                "/v2",
                "get /v2",
                "GET v2",
                "GET  /v2",
                "GET /v2 x",
                "GET /v2/**/x",
                "GET /v2/a*",
                "GET /v2//x",
                "GET /v2/../x",
                "GET /v2?x",
                "TRACE /v2",
                "CONNECT /v2"
            })
    void whatIsNoRuleIsRefused(String text) {
        assertThatThrownBy(() -> Allow.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: METHOD /path");
    }

    @Test
    void paceIsCallsInATime() {
        assertThat(Pace.parse("30/s")).isEqualTo(new Pace(30, Duration.ofSeconds(1)));
        assertThat(Pace.parse("100/10s")).isEqualTo(new Pace(100, Duration.ofSeconds(10)));
        assertThat(Pace.parse("5/m")).hasToString("5/1m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "30", "0/s", "30/", "/s", "-1/s", "30/0s", "30/2h", "30/d", "3.5/s"})
    void whatIsNoPaceIsRefused(String text) {
        assertThatThrownBy(() -> Pace.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: CALLS/TIME");
    }
}
