package io.narthex.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that signs itself, made anew for each run of the tests.
 *
 * @param certificate the certificate in PEM format
 * @param key its private key in PEM format
 */
public record SelfSigned(String certificate, String key) {

    /** Makes one of the kind that is made fastest. */
    public static SelfSigned make() {
        return make("EC", 256);
    }

    /**
     * Makes one.
     *
     * @param algorithm the kind of key, {@code EC} or {@code RSA}
     * @param bits the key's size
     */
    public static SelfSigned make(String algorithm, int bits) {
        char[] password = "changeit".toCharArray();
        try {
            Path store = Files.createTempDirectory("narthex-certificate").resolve("store.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            algorithm,
                            "-keysize",
                            String.valueOf(bits),
                            "-dname",
                            "CN=shop.invalid",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            new String(password))
                    .redirectErrorStream(true)
                    .start();
            keytool.getInputStream().readAllBytes();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool made no certificate");
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, password);
            }
            Files.delete(store);
            Files.delete(store.getParent());
            return new SelfSigned(
                    pem("CERTIFICATE", keys.getCertificate("a").getEncoded()),
                    pem("PRIVATE KEY", keys.getKey("a", password).getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }
}
