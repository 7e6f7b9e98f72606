package org.evergrant;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.evergrant.spi.DurationText;
import org.jspecify.annotations.Nullable;

/**
 * One registration at a provider: where it mints, with which credentials, and what a mint does to
 * the tokens before it. Made by {@link #zoom} or {@link #builder}.
 */
public final class App {

    /** How the app swaps its credentials for a token. */
    public enum Grant {
        /** Zoom's server-to-server grant, with an account id. */
        ACCOUNT_CREDENTIALS,
        /** RFC 6749 section 4.4. */
        CLIENT_CREDENTIALS;

        /** Returns the {@code grant_type} on the wire. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where the client id and secret go in a mint. */
    public enum Authentication {
        /** An {@code Authorization: Basic} header. */
        BASIC,
        /** {@code client_id} and {@code client_secret} among the parameters. */
        BODY
    }

    /** Where the other parameters of a mint go. */
    public enum Parameters {
        /** A form in the body. */
        FORM,
        /** The query of the URL. Secrets are never put there. */
        QUERY
    }

    private static final URI ZOOM_TOKEN_URL = URI.create("https://zoom.us/oauth/token");
    private static final URI ZOOM_API_URL = URI.create("https://api.zoom.us");

    private final AppId id;
    private final AppId recordId;
    private final URI tokenUrl;
    private final @Nullable URI apiUrl;
    private final Grant grant;
    private final String accountId;
    private final String clientId;
    private final Secret clientSecret;
    private final String scope;
    private final Authentication authentication;
    private final Parameters parameters;
    private final Retention retention;
    private final Duration margin;
    private final Duration settle;
    private final Duration mintDeadline;
    private final Duration lifeIfUnsaid;
    private final @Nullable MintBudget mintBudget;
    private final boolean keepWarm;
    private final boolean mintAlone;

    private App(Builder from) {
        id = from.id;
        tokenUrl = Objects.requireNonNull(from.tokenUrl);
        apiUrl = from.apiUrl;
        grant = from.grant;
        accountId = from.accountId;
        clientId = from.clientId;
        clientSecret = from.clientSecret;
        scope = from.scope;
        authentication = from.authentication;
        parameters = from.parameters;
        retention = from.retention;
        margin = from.margin;
        settle = from.settle;
        mintDeadline = from.mintDeadline;
        lifeIfUnsaid = from.lifeIfUnsaid;
        mintBudget = from.mintBudget;
        keepWarm = from.keepWarm;
        mintAlone = from.mintAlone;
        recordId = RecordId.of(this);
    }

    /**
     * Returns a builder for an app at a provider of which nothing is known: {@code newest-only}.
     */
    public static Builder builder(AppId id) {
        return new Builder(id);
    }

    /**
     * Returns a builder with Zoom's URLs and grant, and its documented retention since June 2023,
     * {@code keep-all}. Source: Zoom's changelog, "Multiple access token support available for
     * server-to-server apps".
     */
    public static Builder zoom(AppId id) {
        return new Builder(id)
                .tokenUrl(ZOOM_TOKEN_URL)
                .apiUrl(ZOOM_API_URL)
                .grant(Grant.ACCOUNT_CREDENTIALS)
                .retention(Retention.KEEP_ALL);
    }

    /** Returns the app's name among our own. */
    public AppId id() {
        return id;
    }

    /**
     * Returns the name of the app's record in a store: the id, and a fingerprint of the
     * registration behind it. So another account or client under the same id never gets the tokens
     * of the first, while a new secret for the same client goes on with the tokens there are.
     */
    public AppId recordId() {
        return recordId;
    }

    /** Returns the provider's token endpoint. */
    public URI tokenUrl() {
        return tokenUrl;
    }

    /** Returns the base URL of the provider's API, where configured. */
    public Optional<URI> apiUrl() {
        return Optional.ofNullable(apiUrl);
    }

    /** Returns the grant it mints by. */
    public Grant grant() {
        return grant;
    }

    /** Returns the provider's account id; empty for {@link Grant#CLIENT_CREDENTIALS}. */
    public String accountId() {
        return accountId;
    }

    /** Returns the client id. */
    public String clientId() {
        return clientId;
    }

    /** Returns the client secret. */
    public Secret clientSecret() {
        return clientSecret;
    }

    /** Returns the scopes to ask for, separated by spaces; empty for the provider's own choice. */
    public String scope() {
        return scope;
    }

    /** Returns where the credentials go in a mint. */
    public Authentication authentication() {
        return authentication;
    }

    /** Returns where the other parameters go in a mint. */
    public Parameters parameters() {
        return parameters;
    }

    /** Returns what a mint does to the tokens before it. */
    public Retention retention() {
        return retention;
    }

    /**
     * Returns how long before expiry a promise ends, for tokens that live ten times that or longer.
     */
    public Duration margin() {
        return margin;
    }

    /** Returns how long a mint that kills a token waits after the end of that token's promise. */
    public Duration settle() {
        return settle;
    }

    /** Returns how long one mint may take, from connecting to the last byte of its answer. */
    public Duration mintDeadline() {
        return mintDeadline;
    }

    /** Returns the life of the first token of a provider that does not send {@code expires_in}. */
    public Duration lifeIfUnsaid() {
        return lifeIfUnsaid;
    }

    /** Returns how many mints the provider allows, where it has such a limit. */
    public Optional<MintBudget> mintBudget() {
        return Optional.ofNullable(mintBudget);
    }

    /** Returns whether it is renewed even when nobody asks. */
    public boolean keepWarm() {
        return keepWarm;
    }

    /** Returns whether a node mints alone, without the store, once the promise is over. */
    public boolean mintAlone() {
        return mintAlone;
    }

    /** Returns the id, the token URL and the retention; no credentials. */
    @Override
    public String toString() {
        return "App[" + id + ", " + tokenUrl + ", " + retention + "]";
    }

    /** Collects the values of an {@link App}; {@link #build} checks them all at once. */
    public static final class Builder {
        private static final Duration LONGEST_MINT = Duration.ofMinutes(2);
        private static final Duration LONGEST_MARGIN = Duration.ofDays(1);
        private static final Duration MARGIN = Duration.ofSeconds(60);
        private static final Duration SETTLE = Duration.ofSeconds(1);
        private static final Duration MINT_DEADLINE = Duration.ofSeconds(10);
        private static final Duration LIFE_IF_UNSAID = Duration.ofMinutes(5);

        private final AppId id;
        private @Nullable URI tokenUrl;
        private @Nullable URI apiUrl;
        private Grant grant = Grant.CLIENT_CREDENTIALS;
        private String accountId = "";
        private String clientId = "";
        private Secret clientSecret = Secret.of("");
        private String scope = "";
        private Authentication authentication = Authentication.BASIC;
        private Parameters parameters = Parameters.FORM;
        private Retention retention = Retention.NEWEST_ONLY;
        private Duration margin = MARGIN;
        private Duration settle = SETTLE;
        private Duration mintDeadline = MINT_DEADLINE;
        private Duration lifeIfUnsaid = LIFE_IF_UNSAID;
        private @Nullable MintBudget mintBudget;
        private boolean keepWarm;
        private boolean mintAlone;

        private Builder(AppId id) {
            this.id = id;
        }

        /**
         * The token endpoint: http or https, with a host, without user info or fragment. Required.
         */
        public Builder tokenUrl(URI url) {
            tokenUrl = url;
            return this;
        }

        /** The base URL of the API. */
        public Builder apiUrl(URI url) {
            apiUrl = url;
            return this;
        }

        /** Default: {@link Grant#CLIENT_CREDENTIALS}. */
        public Builder grant(Grant value) {
            grant = value;
            return this;
        }

        /** Required for {@link Grant#ACCOUNT_CREDENTIALS}. */
        public Builder accountId(String value) {
            accountId = value;
            return this;
        }

        /** Required. */
        public Builder clientId(String value) {
            clientId = value;
            return this;
        }

        /** Required. */
        public Builder clientSecret(Secret value) {
            clientSecret = value;
            return this;
        }

        /** The scopes to ask for, separated by spaces; default none. */
        public Builder scope(String value) {
            scope = value;
            return this;
        }

        /** Default: {@link Authentication#BASIC}. */
        public Builder authentication(Authentication value) {
            authentication = value;
            return this;
        }

        /** Default: {@link Parameters#FORM}. */
        public Builder parameters(Parameters value) {
            parameters = value;
            return this;
        }

        /** Default: {@link Retention#NEWEST_ONLY}, the strictest. */
        public Builder retention(Retention value) {
            retention = value;
            return this;
        }

        /** Default: 60 s. Never more than a tenth of a token's life is used. */
        public Builder margin(Duration value) {
            margin = value;
            return this;
        }

        /** Default: 1 s. Never more than half the margin is used. */
        public Builder settle(Duration value) {
            settle = value;
            return this;
        }

        /** Default: 10 s; at most two minutes. */
        public Builder mintDeadline(Duration value) {
            mintDeadline = value;
            return this;
        }

        /** Default: five minutes. Once a token's life was said, the last life said is taken. */
        public Builder lifeIfUnsaid(Duration value) {
            lifeIfUnsaid = value;
            return this;
        }

        /** Default: no limit. */
        public Builder mintBudget(MintBudget value) {
            mintBudget = value;
            return this;
        }

        /** Default: false, an app nobody asks for is not renewed. */
        public Builder keepWarm(boolean value) {
            keepWarm = value;
            return this;
        }

        /** Default: false. An app whose retention kills nothing always mints alone. */
        public Builder mintAlone(boolean value) {
            mintAlone = value;
            return this;
        }

        /**
         * Returns the app.
         *
         * @throws MisconfiguredException naming every value that is missing or impossible, a line
         *     each
         */
        public App build() {
            List<String> faults = faults();
            if (!faults.isEmpty()) {
                throw new MisconfiguredException(String.join("\n", faults));
            }
            return new App(this);
        }

        /** Returns every value that is missing or impossible, each as one line; empty when none. */
        public List<String> faults() {
            List<String> faults = new ArrayList<>();
            if (id.value().length() > RecordId.LONGEST_APP) {
                faults.add("app " + id + ": longer than " + RecordId.LONGEST_APP + " characters");
            }
            url("token-url", tokenUrl, true, faults);
            url("api-url", apiUrl, false, faults);
            text("client-id", clientId, faults);
            text("client-secret", clientSecret.reveal(), faults);
            if (grant == Grant.ACCOUNT_CREDENTIALS) {
                text("account-id", accountId, faults);
            }
            range("margin", margin, Duration.ZERO, LONGEST_MARGIN, faults);
            range("settle", settle, Duration.ZERO, LONGEST_MARGIN, faults);
            range("mint-deadline", mintDeadline, Duration.ofMillis(100), LONGEST_MINT, faults);
            range(
                    "life-if-unsaid",
                    lifeIfUnsaid,
                    Duration.ofSeconds(1),
                    Duration.ofDays(365),
                    faults);
            return faults;
        }

        private void text(String name, String value, List<String> faults) {
            if (value.isBlank()) {
                faults.add("app " + id + ": " + name + " is missing");
            } else if (value.chars().anyMatch(Character::isISOControl)) {
                faults.add("app " + id + ": " + name + " has a control character (a line end?)");
            }
        }

        private void url(String name, @Nullable URI url, boolean required, List<String> faults) {
            if (url == null) {
                if (required) {
                    faults.add("app " + id + ": " + name + " is missing");
                }
                return;
            }
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!http
                    || url.getHost() == null
                    || url.getUserInfo() != null
                    || url.getFragment() != null) {
                faults.add(
                        "app "
                                + id
                                + ": "
                                + name
                                + ": "
                                + Quote.cut(withoutUser(url))
                                + " (expected: http or https, a host, no user or fragment)");
            }
        }

        /** A password in a URL must not come back in the message that refuses it. */
        private static String withoutUser(URI url) {
            return url.toString().replaceFirst("//[^/@]*@", "//***@");
        }

        private void range(
                String name, Duration value, Duration least, Duration most, List<String> faults) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                faults.add(
                        "app "
                                + id
                                + ": "
                                + name
                                + ": "
                                + value
                                + " (expected: "
                                + DurationText.format(least)
                                + " to "
                                + DurationText.format(most)
                                + ")");
            }
        }
    }
}
