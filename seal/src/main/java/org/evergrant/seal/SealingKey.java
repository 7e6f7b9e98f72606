package org.evergrant.seal;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.evergrant.MisconfiguredException;
import org.evergrant.spi.Seal;

/**
 * One AES-256-GCM key. What it seals begins with the key's id, four bytes that say nothing of the
 * key, so that a wrong key is named rather than guessed at, and several keys can live side by side.
 *
 * <p>As text a key is {@code evergrant-key-1:} and 32 bytes in base64. Safe for many threads.
 */
public final class SealingKey implements Seal {
    private static final String PREFIX = "evergrant-key-1:";
    private static final String FORM = PREFIX + " and 32 bytes in base64";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;
    private static final int NONCE_AND_TAG_BYTES = 12 + 16;

    private final byte[] id;
    private final String origin;
    private final Aead cipher;

    private SealingKey(byte[] key, String origin) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("evergrant key id".getBytes(StandardCharsets.US_ASCII));
            this.id = Arrays.copyOf(digest.digest(key), ID_BYTES);
            this.origin = origin;
            this.cipher = new AesGcmJce(key);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java has no AES-GCM or SHA-256", missing);
        }
    }

    /**
     * Returns the key in {@code file}, which is made at first use: with mode 0600, and so that any
     * number of processes that start at once get the same key.
     *
     * @throws MisconfiguredException when the file has no key in it, others can read it, or it
     *     cannot be read or made
     */
    public static SealingKey inFile(Path file) {
        return of(KeyFile.readOrCreate(file, SealingKey::newText), "the file " + file);
    }

    /**
     * Returns the key in {@code file}.
     *
     * @throws MisconfiguredException when there is no such file, it has no key in it, others can
     *     read it, or it cannot be read
     */
    public static SealingKey fromFile(Path file) {
        return of(KeyFile.read(file), "the file " + file);
    }

    /**
     * Returns the key that {@code text} spells, with or without white space around it.
     *
     * @param origin where the text was found, for messages: {@code EVERGRANT_KEY}
     * @throws MisconfiguredException when the text has another form; the text is not quoted
     */
    public static SealingKey fromText(String text, String origin) {
        return of(text, origin);
    }

    /** Returns a new random key as text. */
    public static String newText() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** Returns the key's id as eight hexadecimal digits. */
    public String id() {
        return HexFormat.of().formatHex(id);
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) {
        try {
            byte[] sealed = cipher.encrypt(plain, context);
            return ByteBuffer.allocate(ID_BYTES + sealed.length).put(id).put(sealed).array();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("sealing failed", failure);
        }
    }

    @Override
    public byte[] open(byte[] sealed, byte[] context) {
        if (sealed.length < ID_BYTES + NONCE_AND_TAG_BYTES) {
            throw new MisconfiguredException(
                    "sealed bytes are cut off: "
                            + sealed.length
                            + " (expected: "
                            + (ID_BYTES + NONCE_AND_TAG_BYTES)
                            + " or more)");
        }
        byte[] found = Arrays.copyOf(sealed, ID_BYTES);
        if (!Arrays.equals(found, id)) {
            throw new MisconfiguredException(
                    "sealed with the key "
                            + HexFormat.of().formatHex(found)
                            + ", but "
                            + origin
                            + " has the key "
                            + id()
                            + " (expected: the key it was sealed with; put that one back)");
        }
        try {
            return cipher.decrypt(Arrays.copyOfRange(sealed, ID_BYTES, sealed.length), context);
        } catch (GeneralSecurityException refused) {
            throw new MisconfiguredException(
                    "sealed with the key "
                            + id()
                            + " of "
                            + origin
                            + ", but the bytes were changed since or belong elsewhere",
                    refused);
        }
    }

    /** Returns the id and where the key came from. */
    @Override
    public String toString() {
        return "SealingKey[" + id() + " from " + origin + "]";
    }

    private static SealingKey of(String text, String origin) {
        String trimmed = text.strip();
        byte[] key = {};
        if (trimmed.startsWith(PREFIX)) {
            try {
                key = Base64.getDecoder().decode(trimmed.substring(PREFIX.length()));
            } catch (IllegalArgumentException notBase64) {
                // Refused below like every other form; the decoder's message would quote the key.
                key = new byte[0];
            }
        }
        if (key.length != KEY_BYTES) {
            throw new MisconfiguredException(
                    "no key in "
                            + origin
                            + ": "
                            + trimmed.length()
                            + " characters (expected: "
                            + FORM
                            + ")");
        }
        return new SealingKey(key, origin);
    }
}
