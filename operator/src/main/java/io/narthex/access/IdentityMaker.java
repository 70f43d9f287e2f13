package io.narthex.access;

import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Makes identities that nobody can guess. */
final class IdentityMaker {

    private static final int PASSWORD_BYTES = 32;

    /**
     * The lowest cost of bcrypt. A higher one protects passwords that can be guessed, which 256 random bits can't; and
     * Prometheus computes the hash anew after each start and whenever others' attempts push the result out of its cache
     * of 100 (exporter-toolkit, {@code web/handler.go} and {@code web/cache.go}), one at a time for all users.
     */
    private static final int BCRYPT_COST = 4;

    private static final Duration VALIDITY = Duration.ofDays(3650);
    /** For a server whose clock is behind. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private final SecureRandom random;
    private final InstantSource clock;

    IdentityMaker(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    Identity make() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String hash = BCrypt.hashpw(password, BCrypt.gensalt("$2b", BCRYPT_COST, random));
        String name = "urn:uuid:" + UUID.randomUUID();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            return new Identity(
                    new OperatorIdentity(
                            Identity.USER,
                            SecretValue.of(hash),
                            pem("CERTIFICATE", certificate(keys, name).getEncoded()),
                            name),
                    SecretValue.of(password),
                    SecretValue.of(pem("PRIVATE KEY", keys.getPrivate().getEncoded())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("every Java runtime signs with P-256", e);
        }
    }

    /** Vouches for itself alone: as it is no authority, nobody else becomes a client by its key. */
    private X509CertificateHolder certificate(KeyPair keys, String name) throws OperatorCreationException, IOException {
        Instant now = clock.instant();
        X500Name subject = new X500Name("CN=" + Identity.USER);
        return new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(120, random).setBit(120),
                        Date.from(now.minus(BACKDATED)),
                        Date.from(now.plus(VALIDITY)),
                        subject,
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, name)))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
