package org.evergrant.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.evergrant.App;
import org.evergrant.Secret;
import org.evergrant.broker.config.Caller;
import org.evergrant.broker.config.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Knows who may ask for what. How long that takes says nothing of a secret: it is compared as a
 * {@link Secret}, or looked up by a hash under a key of this process. A name nobody has costs the
 * same work as a wrong secret.
 *
 * <p>A header that was right once is known by its hash, so that it costs one hash the next time.
 */
final class Callers {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    /** Right headers that differ: few a caller, but one may vary the white space in its own. */
    private static final int MOST_HEADERS = 4096;

    /** The apps that a secret is good for. */
    private record Known(Secret secret, Set<String> apps) {
        /** Not empty: to compare with nothing takes no time. */
        private static final List<Known> NOBODY =
                List.of(new Known(Secret.of("good for nothing"), Set.of()));
    }

    /** The 32 bytes of a hash as a key of a map. */
    private record Fingerprint(long a, long b, long c, long d) {
        static Fingerprint of(byte[] hash) {
            ByteBuffer bytes = ByteBuffer.wrap(hash);
            return new Fingerprint(
                    bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
        }
    }

    private final SecretKeySpec key;
    private final ThreadLocal<Mac> macs = ThreadLocal.withInitial(this::newMac);

    /** By client id, which some may share. An app's name and secret are its own, for its mints. */
    private final Map<String, List<App>> apps = new HashMap<>();

    private final Map<String, Caller> callers;
    private final ConcurrentMap<Fingerprint, Identity> headers = new ConcurrentHashMap<>();
    private final Map<Fingerprint, Identity> bySecret = new HashMap<>();

    Callers(Configuration configuration) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        for (App app : configuration.apps().values()) {
            apps.merge(app.clientId(), List.of(app), Callers::both);
        }
        this.callers = configuration.callers();
        for (Caller caller : callers.values()) {
            bySecret.put(
                    fingerprint(caller.secret().reveal()),
                    new Identity(caller.name(), caller.apps()));
        }
    }

    private static List<App> both(List<App> some, List<App> last) {
        return Stream.concat(some.stream(), last.stream()).toList();
    }

    /** Returns whom this {@code Authorization} header was right for before. */
    @Nullable Identity remembered(String header) {
        return headers.get(fingerprint(header));
    }

    /** Keeps a header that was right. */
    void remember(String header, Identity identity) {
        if (headers.size() >= MOST_HEADERS) {
            headers.clear();
        }
        headers.put(fingerprint(header), identity);
    }

    /**
     * Returns the caller whose secret this is; null if nobody's. The configuration gives no two
     * callers the same. Looked up by a keyed hash, so that the time says nothing of the secrets.
     */
    @Nullable Identity bearer(String secret) {
        return bySecret.get(fingerprint(secret));
    }

    /** Returns who proves with this secret to be {@code name}; null if nobody does. */
    @Nullable Identity check(Credentials credentials) {
        Identity found = check(credentials.name(), credentials.secret());
        Credentials decoded = credentials.decoded();
        return found != null || decoded == null ? found : check(decoded.name(), decoded.secret());
    }

    private @Nullable Identity check(String name, String secret) {
        Secret sent = Secret.of(secret);
        Identity found = null;
        for (Known known : known(name)) {
            // Every one is compared: two apps may share a client id.
            if (sent.equals(known.secret)) {
                Identity one = new Identity(name, known.apps);
                found = found == null ? one : found.and(one);
            }
        }
        return found == null || found.apps().isEmpty() ? null : found;
    }

    /** Not kept: there may be 100,000 apps, most of which nobody asks for. */
    private List<Known> known(String name) {
        List<Known> known = new ArrayList<>(1);
        for (App app : apps.getOrDefault(name, List.of())) {
            known.add(new Known(app.clientSecret(), Set.of(app.id().value())));
        }
        Caller caller = callers.get(name);
        if (caller != null) {
            known.add(new Known(caller.secret(), caller.apps()));
        }
        return known.isEmpty() ? Known.NOBODY : known;
    }

    private Fingerprint fingerprint(String text) {
        return Fingerprint.of(macs.get().doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Mac newMac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, missing);
        }
    }
}
