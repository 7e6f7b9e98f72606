package org.evergrant.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.evergrant.App;
import org.evergrant.AppId;
import org.evergrant.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for what, by a name and a secret. */
class CallersTest {
    private final Callers callers =
            new Callers(
                    Fixture.configuration(
                            app("zoom", "shared", "first"),
                            app("zoom-again", "shared", "first"),
                            app("zoom-other", "shared", "second"),
                            app("alone", "own", "third")));

    @Test
    void clientIdOfManyAppsIsGoodForThoseOfItsSecret() {
        assertThat(apps("shared", "first")).containsExactlyInAnyOrder("zoom", "zoom-again");
        assertThat(apps("shared", "second")).containsExactly("zoom-other");
        assertThat(apps("own", "third")).containsExactly("alone");
    }

    @Test
    void callerIsGoodForItsApps() {
        assertThat(apps("one", Fixture.CANARY)).containsExactly("zoom");
        assertThat(apps("all", "all-secret")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "own,first",
        "own,thir",
        "own,''",
        "shared,third",
        "one,all-secret",
        "nobody,third",
        "nobody,''",
        "nobody,good for nothing",
        "'',''"
    })
    void wrongPairIsGoodForNothing(String name, String secret) {
        assertThat(callers.check(Credentials.of(name, secret))).isNull();
    }

    private Set<String> apps(String name, String secret) {
        return Objects.requireNonNull(callers.check(Credentials.of(name, secret))).apps();
    }

    private static App app(String name, String clientId, String secret) {
        return App.builder(AppId.of(name))
                .tokenUrl(URI.create("http://127.0.0.1:1/"))
                .clientId(clientId)
                .clientSecret(Secret.of(secret))
                .build();
    }
}
