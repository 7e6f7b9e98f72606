package org.evergrant.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One app at the provider: its settings, its tokens and its counts. */
final class ProviderApp {
    private static final int LISTED_TOKENS = 1000;

    private final AppSettings registered;
    private final TokenLedger ledger;
    private final Tally api = new Tally();
    private final LongAdder mints = new LongAdder();
    private final LongAdder rivalMints = new LongAdder();
    private final LongAdder refusedMints = new LongAdder();
    private final SlidingWindow mintWindow = new SlidingWindow();
    private final SlidingWindow rateWindow = new SlidingWindow();
    private final SlidingWindow dailyWindow = new SlidingWindow();
    private final Meetings meetings = new Meetings();
    private volatile AppSettings settings;

    ProviderApp(AppSettings settings, TokenRegistry registry) {
        this.registered = settings;
        this.settings = settings;
        this.ledger = new TokenLedger(registry);
    }

    AppSettings settings() {
        return settings;
    }

    String clientId() {
        return registered.clientId();
    }

    Tally api() {
        return api;
    }

    Meetings meetings() {
        return meetings;
    }

    /** Settings that passed their check take effect, with what they do to the tokens there are. */
    synchronized void adopt(AppSettings changed, Instant now) {
        settings = changed;
        if (!changed.active()) {
            ledger.revokeAll(now);
        }
        if (changed.retention().rule() == Retention.Rule.INDEXED) {
            ledger.confineTo(changed.retention().count(), now);
        }
    }

    /** Mints, unless a change of the settings since the request was admitted is against it. */
    synchronized MintOutcome mint(int wanted, MintRecord.By by, Instant now) {
        AppSettings current = settings;
        boolean indexed = current.retention().rule() == Retention.Rule.INDEXED;
        int index = indexed ? wanted : 0;
        if (!current.active() || (indexed && index >= current.retention().count())) {
            refusedMints.increment();
            return new MintOutcome.Refused(
                    current.active() ? Refusal.INDEX_OUT_OF_RANGE : Refusal.NOT_ACTIVATED);
        }
        SlidingWindow.Ticket ticket = mintWindow.take(current.mintQuota(), now);
        if (!ticket.granted()) {
            refusedMints.increment();
            return new MintOutcome.OverQuota(ticket.opensIn());
        }
        TokenLedger.Mint mint = ledger.mint(this, current, index, by, now);
        if (mint == null) {
            refusedMints.increment();
            return new MintOutcome.Full();
        }
        mints.increment();
        if (by == MintRecord.By.RIVAL) {
            rivalMints.increment();
        }
        Duration left = Duration.between(now, mint.token().expiresAt());
        return new MintOutcome.Minted(current, mint.text(), left);
    }

    void countRefusedMint() {
        refusedMints.increment();
    }

    void revoke(IssuedToken token, Instant now) {
        ledger.revoke(token, now);
    }

    void revokeAll(Instant now) {
        ledger.revokeAll(now);
    }

    SlidingWindow.Ticket takeRate(Instant now) {
        return rateWindow.take(settings.apiRate(), now);
    }

    SlidingWindow.Ticket takeDaily(Instant now) {
        return dailyWindow.take(settings.apiDaily(), now);
    }

    long mints() {
        return mints.sum();
    }

    List<MintRecord> mintLog() {
        return ledger.log();
    }

    AppState state(Instant now) {
        AppSettings current = settings;
        TokenLedger.Live live = ledger.live(LISTED_TOKENS, now);
        Map<String, Long> refusals = api.refusals();
        return new AppState(
                current.clientId(),
                current.retention(),
                current.active(),
                current.lifetime(),
                mints.sum(),
                rivalMints.sum(),
                ledger.minted(),
                refusedMints.sum(),
                api.ok(),
                refusals.values().stream().mapToLong(Long::longValue).sum(),
                api.tooMany(),
                refusals,
                live.total(),
                live.newest().stream().map(ProviderApp::describe).toList());
    }

    private static LiveToken describe(IssuedToken token) {
        return new LiveToken(
                token.number(), token.index(), token.mintedAt(), token.expiresAt(), token.endsAt());
    }

    /** Forgets tokens and counts; the settings stay. */
    void reset() {
        ledger.forgetAll();
        api.clear();
        mints.reset();
        rivalMints.reset();
        refusedMints.reset();
        mintWindow.clear();
        rateWindow.clear();
        dailyWindow.clear();
        meetings.clear();
    }

    /** The settings are again what they were when the app was added. */
    synchronized void restore() {
        settings = registered;
    }
}
