package org.evergrant.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The provider without its HTTP: apps, tokens, faults, counts. Every method is told the time and
 * may be called from any thread.
 */
final class Provider {
    static final int LOGGED_MINTS = 1000;

    /** What the API found out about a request's token, and whose it is if that is known. */
    record Check(Verdict verdict, @Nullable ProviderApp app) {}

    private final TokenRegistry registry;
    private final FaultQueue faults = new FaultQueue();
    private final Tally strangers = new Tally();
    private final List<AppSettings> registered;

    /** Copied on each change, so that requests read it without a lock. */
    private volatile Map<String, ProviderApp> apps = Map.of();

    Provider(List<AppSettings> registered) {
        this(registered, new TokenRegistry());
    }

    Provider(List<AppSettings> registered, TokenRegistry registry) {
        this.registry = registry;
        this.registered = List.copyOf(registered);
        registered.forEach(this::add);
    }

    FaultQueue faults() {
        return faults;
    }

    /** Counts of API calls that name no app we know. */
    Tally strangers() {
        return strangers;
    }

    @Nullable ProviderApp app(String clientId) {
        return apps.get(clientId);
    }

    List<ProviderApp> apps() {
        return List.copyOf(apps.values());
    }

    /**
     * Adds an app.
     *
     * @throws IllegalArgumentException if the settings are impossible or the client id is taken
     */
    synchronized ProviderApp add(AppSettings settings) {
        Complaints complaints = settings.check();
        complaints.unless(
                !apps.containsKey(settings.clientId()),
                "client_id",
                Durations.quoted(settings.clientId()) + " is there already",
                "a new one");
        complaints.throwIfAny();
        ProviderApp app = new ProviderApp(new AppSettings(settings), registry);
        Map<String, ProviderApp> more = new LinkedHashMap<>(apps);
        more.put(app.clientId(), app);
        apps = more;
        return app;
    }

    /**
     * Changes an app's settings: all of the change, or nothing of it.
     *
     * @throws IllegalArgumentException if the outcome is impossible
     */
    synchronized void configure(ProviderApp app, Consumer<AppSettings> change, Instant now) {
        AppSettings changed = new AppSettings(app.settings());
        change.accept(changed);
        changed.clientId(app.clientId()).check().throwIfAny();
        // Whoever made the change may still hold the object it was made on.
        app.adopt(new AppSettings(changed), now);
    }

    /** Whether the token endpoint lets this request mint. */
    Admission admit(TokenRequest request) {
        ProviderApp app = authenticate(request.credentials());
        if (app == null) {
            return Refusal.INVALID_CLIENT;
        }
        Admission admission = admit(request, app);
        if (admission instanceof Refusal) {
            app.countRefusedMint();
        }
        return admission;
    }

    /** The app that these credentials are for, if they are right. */
    @Nullable ProviderApp authenticate(@Nullable Credentials credentials) {
        for (Credentials c = credentials; c != null; c = c.decoded()) {
            ProviderApp app = app(c.clientId());
            if (app != null && app.settings().hasSecret(c.secret())) {
                return app;
            }
        }
        return null;
    }

    private static Admission admit(TokenRequest request, ProviderApp app) {
        AppSettings settings = app.settings();
        String grantType = request.grantType();
        if (grantType == null || grantType.isEmpty()) {
            return Refusal.BAD_REQUEST;
        }
        boolean account = grantType.equals("account_credentials");
        AppSettings.Grant barred =
                account
                        ? AppSettings.Grant.CLIENT_CREDENTIALS
                        : AppSettings.Grant.ACCOUNT_CREDENTIALS;
        if ((!account && !grantType.equals("client_credentials")) || settings.grant() == barred) {
            return Refusal.UNSUPPORTED_GRANT;
        }
        if (account && !settings.accountId().equals(request.accountId())) {
            return Refusal.BAD_REQUEST;
        }
        if (!settings.active()) {
            return Refusal.NOT_ACTIVATED;
        }
        int index = indexOf(request.tokenIndex(), settings.retention());
        return index < 0 ? Refusal.INDEX_OUT_OF_RANGE : new Admission.Granted(app, index);
    }

    /** The index to mint at, or -1 for one that is refused. Only one retention has indexes. */
    private static int indexOf(@Nullable String text, Retention retention) {
        if (retention.rule() != Retention.Rule.INDEXED || text == null || text.isEmpty()) {
            return 0;
        }
        try {
            int index = Integer.parseInt(text);
            return index < retention.count() ? index : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Looks at a token that was sent to the API. Counts nothing. */
    Check check(String text, Instant now) {
        IssuedToken token = registry.find(text);
        if (token == null) {
            return new Check(Verdict.UNKNOWN, null);
        }
        Verdict verdict = token.verdict(now);
        if (verdict == Verdict.LIVE && token.app().settings().rejectAll()) {
            verdict = Verdict.REFUSED;
        }
        return new Check(verdict, token.app());
    }

    /** Revokes a token of this app. One it does not have is none of its business. */
    void revoke(ProviderApp app, String text, Instant now) {
        IssuedToken token = registry.find(text);
        if (token != null && token.app() == app) {
            app.revoke(token, now);
        }
    }

    EmulatorState state(Instant now) {
        List<AppState> states = apps().stream().map(app -> app.state(now)).toList();
        Map<String, Long> refusals = new LinkedHashMap<>(strangers.refusals());
        for (AppState state : states) {
            state.api401By().forEach((reason, count) -> refusals.merge(reason, count, Long::sum));
        }
        return new EmulatorState(
                states.stream().mapToLong(AppState::mints).sum(),
                states.stream().mapToLong(AppState::apiOk).sum(),
                refusals.values().stream().mapToLong(Long::longValue).sum(),
                refusals,
                states,
                faults.pending());
    }

    /** The last mints of one app, or of all if null, oldest first. */
    List<MintRecord> mintLog(@Nullable String clientId) {
        List<MintRecord> all = new ArrayList<>();
        for (ProviderApp app : apps.values()) {
            if (clientId == null || app.clientId().equals(clientId)) {
                all.addAll(app.mintLog());
            }
        }
        all.sort(Comparator.comparing(MintRecord::at));
        return List.copyOf(all.subList(Math.max(0, all.size() - LOGGED_MINTS), all.size()));
    }

    /** Forgets tokens, faults and counts. */
    void reset() {
        apps.values().forEach(ProviderApp::reset);
        strangers.clear();
        faults.clear();
    }

    /** As it was at the start: the apps of then with the settings of then, and nothing else. */
    synchronized void restore() {
        reset();
        Map<String, ProviderApp> original = new LinkedHashMap<>();
        for (AppSettings settings : registered) {
            ProviderApp app = apps.get(settings.clientId());
            if (app != null) {
                app.restore();
                original.put(settings.clientId(), app);
            }
        }
        apps = original;
    }
}
