package org.evergrant.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
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
 * Knows who may ask for what. Secrets are here only as keyed hashes under a key of this process, so
 * that neither a heap dump nor a comparison's time gives one away. A name nobody has costs the same
 * work as a wrong secret.
 *
 * <p>A header that was right once is known by its hash, so that it costs one hash the next time.
 */
final class Callers {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    /** Right headers that differ: few a caller, but one may vary the white space in its own. */
    private static final int MOST_HEADERS = 4096;

    /** What the secret with this hash is good for. */
    private static final class Known {
        private final byte[] hash;
        private final Set<String> apps;

        Known(byte[] hash, Set<String> apps) {
            this.hash = hash;
            this.apps = apps;
        }
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
    private final Map<String, List<Known>> byName = new HashMap<>();
    private final List<Known> nobody;
    private final ConcurrentMap<Fingerprint, Identity> headers = new ConcurrentHashMap<>();
    private final Map<Fingerprint, Identity> bySecret = new HashMap<>();

    Callers(Configuration configuration) {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        for (App app : configuration.apps().values()) {
            add(app.clientId(), app.clientSecret(), Set.of(app.id().value()));
        }
        for (Caller caller : configuration.callers().values()) {
            add(caller.name(), caller.secret(), caller.apps());
            bySecret.put(
                    fingerprint(caller.secret().reveal()),
                    new Identity(caller.name(), caller.apps()));
        }
        this.nobody = List.of(new Known(random, Set.of()));
    }

    private void add(String name, Secret secret, Set<String> apps) {
        List<Known> one = List.of(new Known(hash(name, secret.reveal()), apps));
        byName.merge(
                name, one, (some, last) -> Stream.concat(some.stream(), last.stream()).toList());
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
        byte[] hash = hash(name, secret);
        Identity found = null;
        for (Known known : byName.getOrDefault(name, nobody)) {
            // Every one is compared: two apps may share a client id.
            if (MessageDigest.isEqual(hash, known.hash)) {
                Identity one = new Identity(name, known.apps);
                found = found == null ? one : found.and(one);
            }
        }
        return found == null || found.apps().isEmpty() ? null : found;
    }

    private Fingerprint fingerprint(String text) {
        return Fingerprint.of(mac().doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private byte[] hash(String name, String secret) {
        Mac mac = mac();
        mac.update(name.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
    }

    private Mac mac() {
        return macs.get();
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
