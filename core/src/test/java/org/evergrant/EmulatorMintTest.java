package org.evergrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.evergrant.emulator.Emulator;
import org.evergrant.emulator.EmulatorExtension;
import org.evergrant.emulator.Fault;
import org.evergrant.emulator.FaultOrder;
import org.evergrant.spi.Minter;
import org.evergrant.spi.Minter.Answer;
import org.evergrant.spi.Minter.Doubtful;
import org.evergrant.spi.Minter.Minted;
import org.evergrant.spi.Minter.NotMinted;
import org.evergrant.spi.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The minter against a provider that was written without knowing it. */
class EmulatorMintTest {
    private static final String CLIENT = "demo-client";

    @RegisterExtension static final EmulatorExtension PROVIDER = EmulatorExtension.create();

    private final Emulator provider = PROVIDER.emulator();
    private final Minter minter = new HttpMinter();

    @AfterEach
    void close() {
        minter.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCOUNT_CREDENTIALS,BASIC,FORM",
        "ACCOUNT_CREDENTIALS,BASIC,QUERY",
        "ACCOUNT_CREDENTIALS,BODY,FORM",
        "ACCOUNT_CREDENTIALS,BODY,QUERY"
    })
    void everyWayOfAskingMints(
            App.Grant grant, App.Authentication authentication, App.Parameters parameters) {
        App app = app().grant(grant).authentication(authentication).parameters(parameters).build();

        Minted minted = (Minted) mint(app, 0);

        assertThat(minted.value().reveal()).isNotEmpty();
        assertThat(minted.expiresIn().orElseThrow()).isGreaterThan(Duration.ofMinutes(59));
        assertThat(mints()).isEqualTo(1);
    }

    /** A fault that minted must never be called "surely not minted". */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void noFaultThatMintedIsTakenForOneThatDidNot(Fault fault) {
        provider.fault(FaultOrder.of(fault, 1).delay(Duration.ofSeconds(3)));

        Answer answer = mint(app().mintDeadline(Duration.ofMillis(700)).build(), 0);

        switch (fault) {
            case NO_EXPIRES_IN -> assertThat(((Minted) answer).expiresIn()).isEmpty();
            case TOO_MANY ->
                    assertThat(((NotMinted) answer).kind()).isEqualTo(Trouble.Kind.RATE_LIMITED);
            default -> assertThat(answer).isInstanceOf(Doubtful.class);
        }
        assertThat(mints()).isEqualTo(fault.mints() ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(FaultOrder.RetryAfterForm.class)
    void waitIsReadInEveryForm(FaultOrder.RetryAfterForm form) {
        provider.fault(FaultOrder.of(Fault.TOO_MANY, 1).retryAfter(Duration.ofSeconds(30), form));

        NotMinted limited = (NotMinted) mint(app().build(), 0);

        // Dates have whole seconds.
        assertThat(limited.retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(28), Duration.ofSeconds(31));
    }

    @Test
    void serverErrorKeepsItsWait() {
        provider.fault(
                FaultOrder.of(Fault.ERROR_500, 1)
                        .retryAfter(Duration.ofSeconds(30), FaultOrder.RetryAfterForm.SECONDS));

        assertThat(((Doubtful) mint(app().build(), 0)).retryAfter())
                .contains(Duration.ofSeconds(30));
    }

    @Test
    void indexBeyondTheProvidersToleranceIsRefusedAsAnIndex() {
        provider.setRetention(org.evergrant.emulator.Retention.parse("indexed:2"));
        App app = app().retention(Retention.indexed(3)).build();

        assertThat(mint(app, 0)).isInstanceOf(Minted.class);
        assertThat(mint(app, 1)).isInstanceOf(Minted.class);
        assertThat(((NotMinted) mint(app, 2)).kind()).isEqualTo(Trouble.Kind.INDEX);
    }

    @Test
    void wrongSecretAndWrongAccountNeedAPerson() {
        App secret = app().clientSecret(Secret.of("another-secret")).build();
        App account = app().accountId("another-account").build();

        assertThat(((NotMinted) mint(secret, 0)).kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(((NotMinted) mint(account, 0)).kind()).isEqualTo(Trouble.Kind.MISCONFIGURED);
        assertThat(mints()).isZero();
    }

    private Answer mint(App app, int index) {
        Answer answer = minter.mint(app, index).orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(answer.toString()).doesNotContain("demo-secret");
        return answer;
    }

    private long mints() {
        return provider.state().app(CLIENT).mints();
    }

    private App.Builder app() {
        return App.zoom(AppId.of("zoom"))
                .tokenUrl(URI.create(provider.tokenUrl()))
                .accountId("demo-account")
                .clientId(CLIENT)
                .clientSecret(Secret.of("demo-secret"));
    }
}
