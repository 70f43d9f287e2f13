package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.access.Identity;
import io.narthex.access.IdentityText;
import io.narthex.rollout.kubernetes.ForcedApply;
import io.narthex.rollout.kubernetes.KubernetesPrometheus;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom Narthex comes to one server that doesn't let in everybody: made once, and kept in a Secret of the server's
 * namespace, so that neither a restart of the operator nor another replica of it changes what Prometheus reads. For one
 * thread.
 */
final class IdentitySecret {

    private static final Logger LOG = LoggerFactory.getLogger(IdentitySecret.class);
    private static final String KEY = "operator.json";

    private final KubernetesClient client;
    private final ObjectNames names;
    private final OwnerReference owner;
    private final InstantSource clock;
    private final IdentityText text;
    private final SecureRandom random = new SecureRandom();
    private boolean looked;
    private Optional<Identity> known = Optional.empty();
    private boolean isKept = true;
    private Optional<String> obstacle = Optional.empty();

    IdentitySecret(KubernetesClient client, ObjectNames names, OwnerReference owner, InstantSource clock) {
        this.client = client;
        this.names = names;
        this.owner = owner;
        this.clock = clock;
        this.text = new IdentityText(clock);
    }

    /**
     * Returns the identity; empty where none was made yet.
     *
     * @throws KubernetesClientException where the API server refuses
     */
    Optional<Identity> find() {
        if (!looked) {
            known = Optional.ofNullable(client.secrets()
                            .inNamespace(names.namespace())
                            .withName(names.identity())
                            .get())
                    .flatMap(this::read);
            looked = true;
        }
        return known;
    }

    /**
     * Has an identity be known: makes one where there is none, or none that can be used. One that can't be kept serves for as
     * long as the operator lives, since Prometheus learns it from its configuration.
     *
     * @throws KubernetesClientException where the API server doesn't say whether there is one
     */
    void provide() {
        if (find().isEmpty()) {
            known = Optional.of(IdentityText.make(random, clock));
            isKept = false;
            keep();
        }
    }

    /** Keeps an identity that couldn't be kept so far. */
    void keep() {
        if (isKept) {
            return;
        }
        try {
            new ForcedApply(client).writeOwn(secret(known.orElseThrow()));
            isKept = true;
            obstacle = Optional.empty();
        } catch (NotOurs e) {
            obstacle = Optional.of(String.valueOf(e.getMessage()));
        } catch (KubernetesClientException e) {
            obstacle = Optional.of("Secret " + names.identity() + ": " + KubernetesPrometheus.words(e));
        }
    }

    /** Returns why the identity can't be kept; empty where it is. */
    Optional<String> obstacle() {
        return obstacle;
    }

    private Secret secret(Identity made) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(names.identity())
                .withNamespace(names.namespace())
                .withLabels(names.labels("operator"))
                .withOwnerReferences(owner)
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of(KEY, Base64.getEncoder().encodeToString(text.write(made))))
                .build();
    }

    private Optional<Identity> read(Secret secret) {
        String data = secret.getData() == null ? null : secret.getData().get(KEY);
        try {
            return data == null
                    ? Optional.empty()
                    : Optional.of(text.read(Base64.getDecoder().decode(data)));
        } catch (IdentityText.Unusable e) {
            LOG.warn("The Secret {}/{} {}; another user is made", names.namespace(), names.identity(), e.reason());
            return Optional.empty();
        }
    }
}
