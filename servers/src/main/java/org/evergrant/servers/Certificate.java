package org.evergrant.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A key and a certificate that vouches for itself, as PEM files and as a key store. The JDK's
 * keytool makes them.
 *
 * @param certificate the file of the certificate
 * @param key the file of its key, in PKCS #8
 * @param store both in one file, a PKCS #12 key store with {@link #PASSWORD}
 */
public record Certificate(Path certificate, Path key, Path store) {
    /** Opens the key store. */
    public static final String PASSWORD = "password";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Makes one.
     *
     * @param names whose it is, as keytool's {@code san} takes them: {@code ip:127.0.0.1}
     */
    public static Certificate make(Path folder, String name, String names)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        List<String> line =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + names,
                        "-ext",
                        "bc=ca:true",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD);
        Process keytool =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        byte[] certificate = keys.getCertificate(name).getEncoded();
        byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
        return new Certificate(
                pem(folder.resolve(name + ".pem"), "CERTIFICATE", certificate),
                pem(folder.resolve(name + ".key"), "PRIVATE KEY", key),
                store);
    }

    private static Path pem(Path file, String what, byte[] der) throws IOException {
        // PostgreSQL reads no key that others could read.
        Files.createFile(file, OWNER_ONLY);
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
