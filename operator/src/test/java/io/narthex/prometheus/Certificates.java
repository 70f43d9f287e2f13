package io.narthex.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed certificates for servers of the tests, made by the JDK's keytool. */
public final class Certificates {

    private static final String PASSWORD = "narthex";

    private final Path store;

    private Certificates(Path store) {
        this.store = store;
    }

    /**
     * Makes a certificate.
     *
     * @param folder where its files go
     * @param names the subject alternative names, such as {@code ip:127.0.0.1}
     * @param more further arguments of keytool, such as {@code -startdate -10d}
     */
    public static Certificates make(Path folder, String names, String... more)
            throws IOException, InterruptedException {
        Path store = Files.createTempDirectory(folder, "certificate").resolve("store.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=narthex test",
                "-ext",
                "san=" + names,
                "-ext",
                "bc:c",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        return new Certificates(store);
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /** Returns the certificate in PEM. */
    public String certificate() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", open().getCertificate("server").getEncoded());
    }

    /** Returns the certificate in PEM; for readers of files. */
    String certificateText() throws IOException {
        try {
            return certificate();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Returns the private key in PEM. */
    public String key() throws IOException, GeneralSecurityException {
        return pem(
                "PRIVATE KEY", open().getKey("server", PASSWORD.toCharArray()).getEncoded());
    }

    /** Writes the certificate in PEM to a file; returns it. */
    public Path certificateFile() throws IOException, GeneralSecurityException {
        return Files.writeString(store.resolveSibling("certificate.pem"), certificate());
    }

    /** Writes the key in PEM to a file; returns it. */
    public Path keyFile() throws IOException, GeneralSecurityException {
        return Files.writeString(store.resolveSibling("key.pem"), key());
    }

    /** Returns what a server in this JVM speaks TLS with. */
    public SSLContext context() throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(open(), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
