package org.evergrant.emulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One app as it is registered at the provider, and how the provider treats it.
 *
 * <p>Setters return this object and check nothing; {@link Emulator#configure} and the builder check
 * the whole and keep a copy, so changing an object afterwards changes no app.
 */
public final class AppSettings {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Lives long enough for any test, and adds up with any date without overflow. */
    private static final Duration CENTURY = Duration.ofDays(36_525);

    private String accountId;
    private String clientId;
    private String clientSecret;
    private Retention retention = Retention.newestOnly();
    private boolean active = true;
    private Duration lifetime = HOUR;
    private Duration expiresInShortfall = Duration.ZERO;
    private Duration latency = Duration.ZERO;
    private Duration apiLatency = Duration.ZERO;
    private Grant grant = Grant.ANY;
    private String scope = "meeting:read:admin meeting:write:admin user:read:admin";
    private boolean scopeAbsent;
    private String missingScopes = "";
    private int scopeErrorCode = 4711;
    private int expiredCode = 124;
    private boolean rejectAll;
    private @Nullable Quota mintQuota;
    private @Nullable Quota apiRate;
    private @Nullable Quota apiDaily;

    /** The grants that an app's type allows. */
    public enum Grant {
        /** A server-to-server app. */
        ACCOUNT_CREDENTIALS,
        /** What Zoom calls a general app. */
        CLIENT_CREDENTIALS,
        /** Both, which no real app does. */
        ANY
    }

    AppSettings(String accountId, String clientId, String clientSecret) {
        this.accountId = accountId;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    AppSettings(AppSettings other) {
        this(other.accountId, other.clientId, other.clientSecret);
        copyTreatment(other);
    }

    /** The same treatment for an app of another name. */
    AppSettings forApp(String account, String client, String secret) {
        AppSettings copy = new AppSettings(account, client, secret);
        copy.copyTreatment(this);
        return copy;
    }

    /** The same treatment for the app that the other settings name. */
    AppSettings forAppOf(AppSettings other) {
        return forApp(other.accountId, other.clientId, other.clientSecret);
    }

    private void copyTreatment(AppSettings other) {
        retention = other.retention;
        active = other.active;
        lifetime = other.lifetime;
        expiresInShortfall = other.expiresInShortfall;
        latency = other.latency;
        apiLatency = other.apiLatency;
        grant = other.grant;
        scope = other.scope;
        scopeAbsent = other.scopeAbsent;
        missingScopes = other.missingScopes;
        scopeErrorCode = other.scopeErrorCode;
        expiredCode = other.expiredCode;
        rejectAll = other.rejectAll;
        mintQuota = other.mintQuota;
        apiRate = other.apiRate;
        apiDaily = other.apiDaily;
    }

    public AppSettings accountId(String id) {
        this.accountId = id;
        return this;
    }

    AppSettings clientId(String id) {
        this.clientId = id;
        return this;
    }

    /** The old secret is refused from now on; tokens that are out live on. */
    public AppSettings clientSecret(String secret) {
        this.clientSecret = secret;
        return this;
    }

    /**
     * What later mints do. It kills nothing by itself, but for indexes that are no longer allowed.
     */
    public AppSettings retention(Retention rule) {
        this.retention = rule;
        return this;
    }

    /** False refuses mints and revokes all tokens, for good: later ones have to be minted anew. */
    public AppSettings active(boolean is) {
        this.active = is;
        return this;
    }

    /**
     * How long tokens minted from now on live. {@code expires_in} is it in seconds, rounded down.
     */
    public AppSettings lifetime(Duration life) {
        this.lifetime = life;
        return this;
    }

    /** How much less {@code expires_in} says. Zoom says 3599 of an hour: one second. */
    public AppSettings expiresInShortfall(Duration less) {
        this.expiresInShortfall = less;
        return this;
    }

    /** How long a mint takes: half of it before it takes effect, half after. */
    public AppSettings latency(Duration time) {
        this.latency = time;
        return this;
    }

    /** How long an API call takes, after its token was looked at. */
    public AppSettings apiLatency(Duration time) {
        this.apiLatency = time;
        return this;
    }

    public AppSettings grant(Grant allowed) {
        this.grant = allowed;
        return this;
    }

    /** The scopes that token answers name, separated by blanks. */
    public AppSettings scope(String scopes) {
        this.scope = scopes;
        return this;
    }

    /** True leaves {@code scope} out of token answers, as Zoom does just after an app was made. */
    public AppSettings scopeAbsent(boolean absent) {
        this.scopeAbsent = absent;
        return this;
    }

    /** Scopes, separated by blanks, for the lack of which every API call is refused; or none. */
    public AppSettings missingScopes(String scopes) {
        this.missingScopes = scopes;
        return this;
    }

    /**
     * The code of that refusal: 4711 (HTTP 400), 4700, 201 or 104 (HTTP 401; 104 in broken JSON).
     */
    public AppSettings scopeErrorCode(int code) {
        this.scopeErrorCode = code;
        return this;
    }

    /** The code of "Access token is expired.": 124 or 201. */
    public AppSettings expiredCode(int code) {
        this.expiredCode = code;
        return this;
    }

    /** True answers 401 to every API call, live token or not. */
    public AppSettings rejectAll(boolean reject) {
        this.rejectAll = reject;
        return this;
    }

    /** More mints than this are answered 429; null for no limit. */
    public AppSettings mintQuota(@Nullable Quota quota) {
        this.mintQuota = quota;
        return this;
    }

    /** More API calls than this are answered 429, as Zoom's limit per second; null for no limit. */
    public AppSettings apiRate(@Nullable Quota quota) {
        this.apiRate = quota;
        return this;
    }

    /** More API calls than this are answered 429, as Zoom's limit per day; null for no limit. */
    public AppSettings apiDaily(@Nullable Quota quota) {
        this.apiDaily = quota;
        return this;
    }

    public String accountId() {
        return accountId;
    }

    public String clientId() {
        return clientId;
    }

    public Retention retention() {
        return retention;
    }

    public boolean active() {
        return active;
    }

    public Duration lifetime() {
        return lifetime;
    }

    boolean hasSecret(String secret) {
        return clientSecret.equals(secret);
    }

    Duration expiresInShortfall() {
        return expiresInShortfall;
    }

    Duration latency() {
        return latency;
    }

    Duration apiLatency() {
        return apiLatency;
    }

    Grant grant() {
        return grant;
    }

    String scope() {
        return scope;
    }

    boolean scopeAbsent() {
        return scopeAbsent;
    }

    String missingScopes() {
        return missingScopes;
    }

    int scopeErrorCode() {
        return scopeErrorCode;
    }

    int expiredCode() {
        return expiredCode;
    }

    boolean rejectAll() {
        return rejectAll;
    }

    @Nullable Quota mintQuota() {
        return mintQuota;
    }

    @Nullable Quota apiRate() {
        return apiRate;
    }

    @Nullable Quota apiDaily() {
        return apiDaily;
    }

    /** Everything wrong with the whole, one message a fault; none if it can be used. */
    Complaints check() {
        Complaints complaints = new Complaints();
        complaints.unless(!accountId.isBlank(), "account_id", "empty", "some text");
        complaints.unless(!clientId.isBlank(), "client_id", "empty", "some text");
        complaints.unless(
                clientId.indexOf(':') < 0 && clientId.indexOf('/') < 0,
                "client_id",
                Durations.quoted(clientId),
                "text without ':' and '/'");
        complaints.unless(!clientSecret.isBlank(), "client_secret", "empty", "some text");
        complaints.unless(
                lifetime.compareTo(Duration.ZERO) > 0 && lifetime.compareTo(CENTURY) <= 0,
                "lifetime",
                lifetime,
                "above zero, at most a hundred years");
        complaints.unless(!latency.isNegative(), "latency", latency, "zero or more");
        complaints.unless(!apiLatency.isNegative(), "api_latency", apiLatency, "zero or more");
        complaints.unless(
                !expiresInShortfall.isNegative(),
                "expires_in_shortfall",
                expiresInShortfall,
                "zero or more");
        complaints.unless(
                expiredCode == 124 || expiredCode == 201,
                "expired_code",
                expiredCode,
                "124 or 201");
        complaints.unless(
                ScopeErrors.knows(scopeErrorCode),
                "scope_error_code",
                scopeErrorCode,
                "4711, 4700, 201 or 104");
        return complaints;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AppSettings[" + clientId + ", " + retention + ", lifetime " + lifetime + "]";
    }
}
