package io.narthex.docker;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs the certificates of one test. */
final class TestAuthority {

    private final X500Name name = new X500Name("CN=Narthex test authority");
    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys = pair();
    private final String certificate = sign(name, keys, new BasicConstraints(true), null, null);

    /** Writes {@code ca.pem}, {@code cert.pem} and {@code key.pem} of a daemon or client into a folder. */
    Path write(Path folder, KeyPurposeId purpose, String address) throws IOException {
        Files.createDirectories(folder);
        KeyPair own = pair();
        Files.writeString(folder.resolve("ca.pem"), certificate);
        Files.writeString(
                folder.resolve("cert.pem"),
                sign(new X500Name("CN=docker"), own, new BasicConstraints(false), purpose, address));
        Files.writeString(
                folder.resolve("key.pem"), pem("PRIVATE KEY", own.getPrivate().getEncoded()));
        return folder;
    }

    private KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String sign(
            X500Name subject, KeyPair of, BasicConstraints constraints, KeyPurposeId purpose, String address) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(100, random).setBit(100),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofHours(1))),
                    subject,
                    of.getPublic());
            builder.addExtension(Extension.basicConstraints, true, constraints);
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
            }
            return pem(
                    "CERTIFICATE",
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
