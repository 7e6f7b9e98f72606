package org.evergrant.valkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script and the name under which servers remember it. */
final class Script {
    static final Script CAS = named("cas.lua");
    static final Script NOW = named("now.lua");

    private final byte[] text;
    private final String digest;

    private Script(byte[] text, String digest) {
        this.text = text;
        this.digest = digest;
    }

    byte[] text() {
        return text;
    }

    /** Returns the SHA-1 of the text in hexadecimal. */
    String digest() {
        return digest;
    }

    private static Script named(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            byte[] text = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
