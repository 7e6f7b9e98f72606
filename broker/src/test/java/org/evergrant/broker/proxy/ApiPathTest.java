package org.evergrant.broker.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiPathTest {

    @Test
    void plainPathsStayAsTheyAre() {
        for (String path :
                List.of(
                        "/",
                        "/v2/users/me",
                        "/v2/users/",
                        "/v2/a;b=c/d,e/f:g/h@i/!$&'()*+=~",
                        "/v2/.hidden/a..b/...",
                        "/v2/100%25",
                        "/v2/caf%C3%A9")) {
            assertThat(ApiPath.of(path, 0)).isEqualTo(new ApiPath(path, ""));
        }
        assertThat(ApiPath.of("", 0).path()).isEqualTo("/");
    }

    @Test
    void escapesAreWrittenInOneWay() {
        assertThat(ApiPath.of("/%75sers/%7Eme/%e4/%2a", 0).path()).isEqualTo("/users/~me/%E4/%2A");
    }

    @Test
    void queryGoesOnAsItIs() {
        ApiPath path =
                ApiPath.of("/apps/zoom/api/v2?a=%2e%2e/..&b=//x?&c", "/apps/zoom/api".length());

        assertThat(path).isEqualTo(new ApiPath("/v2", "?a=%2e%2e/..&b=//x?&c"));
    }

    @Test
    void idsThatZoomWantsEncodedTwiceGoThrough() {
        String path = "/v2/past_meetings/%252FajXp112QmuoKj4854875%253D%253D";

        assertThat(ApiPath.of(path, 0).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/.",
                "/v2/../oauth",
                "/v2/..",
                "/v2/./users",
                "/v2/%2e%2e/x",
                "/v2/.%2E/x",
                "/v2/%2e/x",
                "/v2/%252e%252e/x",
                "/v2/%25252e%25252e/x",
                "/v2/%2525252525252e/x",
                "/v2/..;/x",
                "/v2/..;a=b/x",
                "/v2/%2e%2e;a/x",
                "/v2/%252e%252e%252Fx",
                "/v2/x%252F..%252Fy",
                "/v2/x%255C..%255Cy",
                "//evil.example/x",
                "/v2//users",
                "/v2/users//",
                "/v2/%2f",
                "/v2/a%2Fb",
                "/v2/a%5cb",
                "/v2/a\\b",
                "/v2/a%00b",
                "/v2/a%0d%0aX-Evil:1",
                "/v2/a%7f",
                "/v2/a%",
                "/v2/a%4",
                "/v2/a%zz",
                "/v2/a b",
                "/v2/a\r\nX-Evil:1",
                "/v2/a#b",
                "/v2/é",
                "/v2/<x>",
                "/v2?a=\r\nX-Evil:1",
                "/v2?a b",
                "/v2?a#b",
                "/v2?é"
            })
    void whatTwoProgramsMayReadDifferentlyIsRefused(String target) {
        assertThatThrownBy(() -> ApiPath.of(target, 0)).isInstanceOf(Refusal.class);
    }
}
