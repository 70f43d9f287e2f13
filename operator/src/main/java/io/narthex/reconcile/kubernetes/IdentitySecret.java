package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.access.Identity;
import io.narthex.access.IdentityText;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ForcedApply;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.SecretData;
import io.narthex.rollout.kubernetes.ServerSecrets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom Narthex comes to one server that doesn't let in everybody: made once, and kept in a Secret of the server's
 * namespace, so that neither a restart of the operator nor another replica of it changes what Prometheus reads.
 *
 * <p>For one thread, but for {@link #keep}, which another may call.
 */
final class IdentitySecret {

    private static final Logger LOG = LoggerFactory.getLogger(IdentitySecret.class);
    private static final String KEY = "operator.json";

    /** So long one is waited for that is there and can't be read, as while the API server can't decrypt it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final ObjectNames names;
    private final OwnerReference owner;
    private final InstantSource clock;
    private final InstantSource timer;
    private final IdentityText text;
    private final SecureRandom random = new SecureRandom();
    private boolean looked;
    private Optional<String> unreadable = Optional.empty();
    private Instant unreadableSince = Instant.MAX;
    private volatile Optional<Identity> known = Optional.empty();
    private volatile boolean isKept = true;
    private volatile Optional<String> unkept = Optional.empty();

    /**
     * Makes one that doesn't know yet whether there is an identity.
     *
     * @param clock tells the time of day
     * @param timer tells how time passes
     */
    IdentitySecret(
            KubernetesClient client,
            ObjectNames names,
            OwnerReference owner,
            InstantSource clock,
            InstantSource timer) {
        this.client = client;
        this.names = names;
        this.owner = owner;
        this.clock = clock;
        this.timer = timer;
        this.text = new IdentityText(clock);
    }

    /**
     * Returns the identity; empty where none was made yet, or it can't be read, which {@link #obstacle} then says. Asked once,
     * and again by {@link #lookAgain} only.
     *
     * @throws KubernetesClientException where the API server can't be reached
     */
    Optional<Identity> find() {
        if (!looked && unreadable.isEmpty()) {
            look();
        }
        return known;
    }

    /**
     * Asks again for one that couldn't be read.
     *
     * @throws KubernetesClientException where the API server can't be reached
     */
    void lookAgain() {
        if (unreadable.isPresent()) {
            look();
        }
    }

    private void look() {
        try {
            known = Optional.ofNullable(client.secrets()
                            .inNamespace(names.namespace())
                            .withName(names.identity())
                            .get())
                    .filter(this::isOwn)
                    .flatMap(this::read);
            looked = true;
            unreadable = Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() <= 0) {
                throw e;
            }
            if (unreadable.isEmpty()) {
                unreadableSince = timer.instant();
            }
            unreadable = Optional.of("Secret " + names.identity() + " can't be read: " + ApiServerWords.of(e));
        }
    }

    /**
     * Has an identity be known, as far as can be: makes one where there is none, or none that can be used, or none that could
     * be read for a minute. One that can't be kept serves for as long as the operator lives, since Prometheus learns it from its
     * configuration.
     *
     * @return whether one was made, which is to be kept
     * @throws KubernetesClientException where the API server can't be reached
     */
    boolean provide() {
        if (find().isPresent()
                || (unreadable.isPresent() && timer.instant().isBefore(unreadableSince.plus(PATIENCE)))) {
            return false;
        }
        unreadable.ifPresent(why -> LOG.warn("The {}; another user is made", why));
        known = Optional.of(IdentityText.make(random, clock));
        looked = true;
        unreadable = Optional.empty();
        isKept = false;
        return true;
    }

    /** Keeps an identity that wasn't kept so far. */
    void keep() {
        if (isKept) {
            return;
        }
        try {
            new ForcedApply(client).writeOwn(secret(known.orElseThrow()));
            isKept = true;
            unkept = Optional.empty();
        } catch (NotOurs e) {
            unkept = Optional.of(String.valueOf(e.getMessage()));
        } catch (KubernetesClientException e) {
            unkept = Optional.of("Secret " + names.identity() + ": " + ApiServerWords.of(e));
        }
    }

    /** Returns why the identity can't be read, or kept; empty where it can. */
    Optional<String> obstacle() {
        return unreadable.or(() -> unkept);
    }

    private Secret secret(Identity made) {
        return new SecretBuilder(new ServerSecrets(client, names, owner).empty(names.identity(), "operator"))
                .withData(Map.of(KEY, SecretData.encoded(text.write(made))))
                .build();
    }

    /**
     * Whether this very server owns it. Labels alone, as an orphan has, don't tell who made it, who could come in as Narthex
     * then: an orphan is written anew.
     */
    private boolean isOwn(Secret secret) {
        boolean own = DeploymentFactory.isOwned(secret, owner.getUid());
        if (!own) {
            refuse("isn't this server's");
        }
        return own;
    }

    private Optional<Identity> read(Secret secret) {
        if (secret.getData() == null || secret.getData().get(KEY) == null) {
            return Optional.empty();
        }
        Optional<byte[]> data = SecretData.content(secret.getData(), KEY);
        if (data.isEmpty()) {
            refuse("is damaged: it isn't base64");
            return Optional.empty();
        }
        try {
            return Optional.of(text.read(data.get()));
        } catch (IdentityText.Unusable e) {
            refuse(e.reason());
            return Optional.empty();
        }
    }

    private void refuse(String why) {
        LOG.warn("The Secret {}/{} {}; another user is made", names.namespace(), names.identity(), why);
    }
}
