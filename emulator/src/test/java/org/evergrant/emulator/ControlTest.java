package org.evergrant.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes by which tests in any language look at the provider and steer it. */
final class ControlTest {
    @RegisterExtension static final EmulatorExtension PROVIDER = EmulatorExtension.create();

    private final Emulator emulator;
    private final Caller caller;

    ControlTest(Emulator emulator) {
        this.emulator = emulator;
        this.caller = new Caller(emulator);
    }

    @Test
    void stateTellsWhatTheContractSays() throws IOException {
        caller.me(caller.token());
        caller.me("garbage");

        String state = caller.get("/_emulator/state").body();

        LiveToken live = emulator.state().apps().get(0).live().get(0);
        assertThat(state)
                .startsWith("{\"mints\":1,\"api_ok\":1,\"api_401\":1,")
                .contains("\"apps\":[{\"client_id\":\"demo-client\",")
                .contains("\"live\":[{\"index\":0,")
                .contains("\"minted_at\":\"" + millis(live.mintedAt()) + "\"")
                .contains("\"expires_at\":\"" + millis(live.expiresAt()) + "\"");
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    @Test
    void stateShowsNoTokenAndNoSecret() throws IOException {
        String token = caller.token();
        caller.control("PATCH", "apps/demo-client", "{\"client_secret\":\"canary-secret\"}");
        String shown =
                caller.get("/_emulator/state").body()
                        + caller.get("/_emulator/mints").body()
                        + caller.get("/_emulator/apps").body()
                        + caller.get("/_emulator/apps/demo-client").body()
                        + emulator
                        + emulator.state()
                        + emulator.mintLog();

        assertThat(shown)
                .contains("demo-client")
                .doesNotContain("canary-secret")
                .doesNotContain(token.substring(token.length() - 40))
                .doesNotContain("demo-secret");
    }

    @Test
    void rivalKillsTheTokenAndCounts() throws IOException {
        String token = caller.token();

        HttpResponse<String> answer = caller.control("POST", "rival?client_id=demo-client", "");

        assertThat(answer.body()).isEqualTo("{\"mints\":2}");
        assertThat(caller.accepts(token)).isFalse();
        assertThat(emulator.state().app("demo-client").rivalMints()).isEqualTo(1);
        assertThat(emulator.mintLog())
                .extracting(MintRecord::by)
                .containsExactly(MintRecord.By.CLIENT, MintRecord.By.RIVAL);
        assertThat(caller.get("/_emulator/mints?client_id=demo-client").body())
                .contains("\"by\":\"rival\"");
    }

    @Test
    void rivalNeedsNoNameWhereThereIsOneAppAndTakesACount() throws IOException {
        assertThat(caller.control("POST", "rival?count=3", "").body()).isEqualTo("{\"mints\":3}");

        emulator.addApp("a", "second", "s");
        assertThat(caller.control("POST", "rival", "").statusCode()).isEqualTo(400);
        assertThat(caller.control("POST", "rival?client_id=x", "").statusCode()).isEqualTo(404);
        assertThat(caller.control("POST", "rival?client_id=second&count=0", "").statusCode())
                .isEqualTo(400);
    }

    @Test
    void rivalKillsAtTheIndexItIsGiven() throws IOException {
        emulator.setRetention(Retention.indexed(2));
        String zero = caller.token();
        String one = caller.token("&token_index=1");

        caller.control("POST", "rival?token_index=1", "");

        assertThat(caller.accepts(zero)).isTrue();
        assertThat(caller.accepts(one)).isFalse();
    }

    @Test
    void rivalIsRefusedLikeAnybody() throws IOException {
        emulator.setRetention(Retention.indexed(2));
        assertThat(caller.control("POST", "rival?token_index=2", "").statusCode()).isEqualTo(409);
        assertThat(caller.control("POST", "rival?token_index=-1", "").statusCode()).isEqualTo(400);
        assertThat(caller.control("POST", "rival?token_index=x", "").statusCode()).isEqualTo(400);
        emulator.configure(app -> app.active(false));

        assertThat(caller.control("POST", "rival", "").statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lose-response|mint",
                "error-500|none",
                "too-many|none",
                "slow|mint",
                "drop|none",
                "bad-json|mint",
                "no-expires-in|mint"
            })
    void everyFaultOfTheContractCanBeOrdered(String fault, String mints) throws IOException {
        HttpResponse<String> answer =
                caller.control(
                        "POST",
                        "faults",
                        "{\"fault\":\""
                                + fault
                                + "\",\"count\":2,\"retry_after_s\":3,\"delay_ms\":1}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"faults\":[{\"fault\":\"" + fault + "\",\"count\":2}]}");
        assertThat(Fault.parse(fault).mints()).isEqualTo(mints.equals("mint"));
    }

    @Test
    void faultOrderedByJsonHasItsParameters() throws IOException {
        caller.control(
                "POST",
                "faults",
                "{\"client_id\":\"demo-client\",\"retry_after_s\":7,\"fault\":\"too-many\"}");

        HttpResponse<String> answer = caller.mint();

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("7");
        assertThat(caller.mint().statusCode()).isEqualTo(200);
    }

    @Test
    void appIsAddedAndUsed() throws IOException {
        HttpResponse<String> added =
                caller.control(
                        "POST",
                        "apps",
                        "{\"account_id\":\"a\",\"client_id\":\"c\",\"client_secret\":\"s\","
                                + "\"retention\":\"indexed:2\",\"lifetime\":\"12s\"}");

        assertThat(added.statusCode()).isEqualTo(201);
        HttpResponse<String> answer =
                caller.post(
                        "/oauth/token",
                        "grant_type=account_credentials&account_id=a&token_index=1",
                        "Authorization",
                        Caller.basic("c", "s"));
        assertThat(Caller.json(answer)).containsEntry("expires_in", 12L);
        assertThat(emulator.state().app("c").live().get(0).index()).isEqualTo(1);
    }

    @Test
    void appIsChanged() throws IOException {
        String token = caller.token();

        HttpResponse<String> changed =
                caller.control(
                        "PATCH",
                        "apps/demo-client",
                        "{\"tolerance\":3,\"mint_quota\":\"10/10m\",\"revoke_all\":true}");

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(Caller.json(changed))
                .containsEntry("retention", "indexed:3")
                .containsEntry("mint_quota", "10/10m")
                .doesNotContainKey("client_secret");
        assertThat(caller.accepts(token)).isFalse();
        assertThat(caller.mint("&token_index=2").statusCode()).isEqualTo(200);
        assertThat(caller.mint("&token_index=3").statusCode()).isEqualTo(400);
    }

    @Test
    void whatAnAppShowsCanBeSentBack() throws IOException {
        String shown = caller.get("/_emulator/apps/demo-client").body();

        HttpResponse<String> answer = caller.control("PATCH", "apps/demo-client", shown);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(shown);
    }

    @Test
    void everyFaultOfARequestIsNamedAndNothingIsChanged() throws IOException {
        String before = caller.get("/_emulator/apps/demo-client").body();

        HttpResponse<String> answer =
                caller.control(
                        "PATCH",
                        "apps/demo-client",
                        "{\"retention\":\"all\",\"lifetime\":\"0s\",\"active\":1,\"colour\":2,"
                                + "\"scope\":\"x\",\"expired_code\":99999999999}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.text(answer, "error")).isEqualTo("invalid_request");
        assertThat(Caller.text(answer, "error_description"))
                .contains("retention: \"all\" (expected: newest-only, ")
                .contains("active: \"1\" (expected: true or false)")
                .contains("\"colour\": unknown (expected: one of [account_id, ")
                .contains("expired_code: ");
        assertThat(caller.get("/_emulator/apps/demo-client").body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lifetime\":\"0s\"}",
                "{\"expired_code\":125}",
                "{\"scope_error_code\":1}",
                "{\"tolerance\":0}",
                "{\"tolerance\":2,\"retention\":\"newest-only\"}",
                "{\"client_id\":\"other\"}",
                "{\"client_secret\":\"\"}",
                "{\"client_secret\":5}",
                "{\"mint_quota\":\"10\"}",
                "{\"grant\":\"password\"}",
                "{\"revoke_all\":\"yes\"}"
            })
    void impossibleChangeIsRefused(String json) throws IOException {
        String before = caller.get("/_emulator/apps/demo-client").body();

        HttpResponse<String> answer = caller.control("PATCH", "apps/demo-client", json);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.text(answer, "error_description")).contains("expected: ");
        assertThat(caller.get("/_emulator/apps/demo-client").body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{",
                "{}",
                "{\"fault\":\"lose\"}",
                "{\"fault\":\"drop\",\"count\":0}",
                "{\"fault\":\"drop\",\"count\":\"2\"}",
                "{\"fault\":\"drop\",\"delay_ms\":-1}",
                "{\"fault\":\"drop\",\"fault\":\"slow\"}",
                "{\"fault\":\"drop\"} {}",
                "{\"fault\":{\"x\":1}}",
                "{\"fault\":\"drop\",\"client_id\":\"x\"}",
                "{\"fault\":\"too-many\",\"retry_after_as\":\"x\"}",
                "{\"fault\":\"drop\",\"cuont\":1}"
            })
    void impossibleFaultIsRefused(String json) throws IOException {
        HttpResponse<String> answer = caller.control("POST", "faults", json);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.text(answer, "error")).isEqualTo("invalid_request");
        assertThat(emulator.state().faults()).isEmpty();
    }

    @Test
    void impossibleNewAppIsRefusedWithAllThatIsMissing() throws IOException {
        HttpResponse<String> answer = caller.control("POST", "apps", "{\"client_id\":\"c\"}");
        HttpResponse<String> again =
                caller.control(
                        "POST",
                        "apps",
                        "{\"account_id\":\"a\",\"client_id\":\"demo-client\","
                                + "\"client_secret\":\"hush-hush\"}");

        assertThat(Caller.text(answer, "error_description"))
                .contains("account_id: missing", "client_secret: missing");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("is there already").doesNotContain("hush-hush");
        assertThat(emulator.state().apps()).hasSize(1);
    }

    @Test
    void resetForgetsTokensFaultsAndCountsButNotTheSettings() throws IOException {
        String token = caller.token();
        emulator.setRetention(Retention.keepAll());
        emulator.fault(Fault.DROP, 5);

        assertThat(caller.control("POST", "reset", "").statusCode()).isEqualTo(200);

        assertThat(caller.accepts(token)).isFalse();
        assertThat(emulator.state().mints()).isZero();
        assertThat(emulator.state().faults()).isEmpty();
        assertThat(emulator.state().apps().get(0).retention()).isEqualTo(Retention.keepAll());
    }

    @Test
    void resetOfAppsTakesBackTheChangesToo() throws IOException {
        emulator.setRetention(Retention.keepAll());
        emulator.addApp("a", "second", "s");

        caller.control("POST", "reset", "{\"apps\":true}");

        assertThat(emulator.state().apps())
                .extracting(AppState::clientId)
                .containsExactly("demo-client");
        assertThat(emulator.state().apps().get(0).retention()).isEqualTo(Retention.newestOnly());
    }

    @Test
    void wrongRouteAndWrongMethodAreRefused() throws IOException {
        assertThat(caller.get("/_emulator/nothing").statusCode()).isEqualTo(404);
        assertThat(caller.get("/_emulator/reset").statusCode()).isEqualTo(405);
        assertThat(caller.get("/_emulator/apps/nobody").statusCode()).isEqualTo(404);
    }
}
