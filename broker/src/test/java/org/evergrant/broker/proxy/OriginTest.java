package org.evergrant.broker.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginTest {
    private static final Set<String> ZOOM = Set.of("zoom.us", "zoomgov.com");

    @Test
    void baseHasNoSlashAtItsEnd() {
        assertThat(Origin.of(URI.create("https://api.example.com/v1/")))
                .isEqualTo(new Origin(true, "api.example.com", 443, "/v1"));
        assertThat(Origin.of(URI.create("http://[::1]:8080")))
                .isEqualTo(new Origin(false, "::1", 8080, ""));
    }

    @Test
    void apiUrlBelowTheProvidersDomainsIsTaken() {
        assertThat(Origin.told("https://api-us.zoom.us", ZOOM))
                .isEqualTo(new Origin(true, "api-us.zoom.us", 443, ""));
        assertThat(Origin.told("HTTPS://API.ZoomGov.com:443/", ZOOM)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://api.zoom.us",
                "https://zoom.us.evil.example",
                "https://evilzoom.us",
                "https://zoom.us",
                "https://api.zoom.us:8443",
                "https://api.zoom.us@evil.example",
                "https://user@api.zoom.us",
                "https://api.zoom.us/v2",
                "https://api.zoom.us?x",
                "https://api.zoom.us#x",
                "https:api.zoom.us",
                "//api.zoom.us",
                "not a url",
                "https://127.0.0.1"
            })
    void anyOtherApiUrlIsNot(String apiUrl) {
        assertThat(Origin.told(apiUrl, ZOOM)).isNull();
    }

    @Test
    void whereTheConfigurationNamesTheApiNoAnswerCounts() {
        assertThat(Origin.told("https://api-us.zoom.us", Set.of())).isNull();
    }
}
