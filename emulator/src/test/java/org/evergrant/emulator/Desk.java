package org.evergrant.emulator;

import java.time.Duration;
import java.util.List;

/** A provider without HTTP and one app at it, with a lifetime of 100 s. */
final class Desk {
    static final Duration LIFETIME = Duration.ofSeconds(100);

    final SettableClock clock = new SettableClock();
    final Provider provider;
    final ProviderApp app;

    Desk(String retention) {
        this(retention, new TokenRegistry());
    }

    Desk(String retention, TokenRegistry registry) {
        AppSettings settings =
                new AppSettings("account", "client", "secret")
                        .retention(Retention.parse(retention))
                        .lifetime(LIFETIME);
        provider = new Provider(List.of(settings), registry);
        app = provider.apps().get(0);
    }

    String mint() {
        return mint(0);
    }

    String mint(int index) {
        return minted(index).text();
    }

    MintOutcome.Minted minted(int index) {
        MintOutcome outcome = app.mint(index, MintRecord.By.CLIENT, clock.instant());
        if (outcome instanceof MintOutcome.Minted minted) {
            return minted;
        }
        throw new AssertionError("no token but " + outcome);
    }

    Verdict verdict(String token) {
        return provider.check(token, clock.instant()).verdict();
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    void retention(String retention) {
        provider.configure(
                app, settings -> settings.retention(Retention.parse(retention)), clock.instant());
    }

    AppState state() {
        return app.state(clock.instant());
    }
}
