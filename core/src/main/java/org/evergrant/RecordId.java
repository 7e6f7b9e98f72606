package org.evergrant;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names an app's record by its id and by what the provider knows it as. */
final class RecordId {
    private static final int FINGERPRINT = 12;

    /** Leaves room for the fingerprint within an {@link AppId}. */
    static final int LONGEST_APP = 64 - 1 - FINGERPRINT;

    private RecordId() {}

    static AppId of(App app) {
        URI url = app.tokenUrl();
        String registration =
                String.join(
                        "\n",
                        url.getScheme().toLowerCase(Locale.ROOT),
                        url.getRawAuthority().toLowerCase(Locale.ROOT),
                        url.getRawPath(),
                        app.grant().word(),
                        app.accountId(),
                        app.clientId(),
                        app.scope());
        byte[] digest = sha256().digest(registration.getBytes(StandardCharsets.UTF_8));
        String fingerprint = HexFormat.of().formatHex(digest).substring(0, FINGERPRINT);
        return AppId.of(app.id() + "." + fingerprint);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
