package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.TestDocker;
import io.narthex.rollout.Release;
import io.narthex.rollout.swarm.SecretRef;
import io.narthex.rollout.swarm.SwarmNames;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials in Docker secrets, kept by a real daemon. */
class CredentialSecretsIT {

    private static final SwarmNames NAMES =
            new SwarmNames("narthex-it", new ResourceKey("PrometheusServer", "default", "secrets-it"));
    private static final SwarmNames OTHERS =
            new SwarmNames("narthex-it", new ResourceKey("PrometheusServer", "default", "secrets-it-other"));
    private static final SecretValue PIN = SecretValue.of("1234");

    private DockerClient docker;

    @BeforeEach
    void begin() throws Exception {
        docker = new DockerClient(TestDocker.host());
        TestDocker.remove(docker, NAMES.base());
    }

    @AfterEach
    void end() throws Exception {
        if (docker != null) {
            TestDocker.remove(docker, NAMES.base());
            docker.close();
        }
    }

    /** What another operator has, or this one after its restart. */
    private CredentialSecrets another(SwarmNames names) {
        return new CredentialSecrets(docker, names, new DigestKey(docker, names, new SecureRandom()));
    }

    private SwarmSnapshot swarm() throws InterruptedException {
        return new SwarmSnapshot(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                docker.list(Kinds.SECRETS, Map.of()),
                Instant.EPOCH);
    }

    private String listed(SecretRef secret) throws InterruptedException {
        return docker.inspect(Kinds.SECRETS, secret.id()).toString();
    }

    @Test
    void whoListsSecretsCantTryPasswordsAndARestartMakesNoOther() throws Exception {
        CredentialSecrets secrets = another(NAMES);
        SecretRef made = secrets.of(swarm(), PIN);
        assertThat(listed(made)).doesNotContain(Release.digest(PIN).substring(0, 16));
        // Before the watch has seen it, too.
        assertThat(secrets.of(SwarmSnapshot.EMPTY, PIN)).isEqualTo(made);
        assertThat(another(NAMES).of(swarm(), PIN)).isEqualTo(made);
        assertThat(another(OTHERS)
                        .of(swarm(), PIN)
                        .name()
                        .substring(OTHERS.base().length()))
                .as("another server has another key")
                .isNotEqualTo(made.name().substring(NAMES.base().length()));
    }

    @Test
    void oneThatSomebodyRemovedIsMadeAnew() throws Exception {
        CredentialSecrets secrets = another(NAMES);
        SecretRef made = secrets.of(swarm(), PIN);
        assertThat(secrets.of(swarm(), PIN)).isEqualTo(made);
        docker.delete(Kinds.SECRETS, made.id());

        SecretRef again = secrets.of(swarm(), PIN);
        assertThat(docker.find(Kinds.SECRETS, again.id())).isPresent();
    }

    @Test
    void whatAnEarlierReleaseMountedStaysUntilTheCredentialChanges() throws Exception {
        String name = NAMES.base() + "-" + Release.digest(PIN).substring(0, 16);
        String id = docker.create(
                Kinds.SECRETS,
                NAMES.secret(name, "credential", Map.of("io.narthex.sha256", Release.digest(PIN)), PIN.reveal()),
                Optional.empty());
        CredentialSecrets secrets = another(NAMES);
        assertThat(secrets.of(swarm(), PIN)).isEqualTo(new SecretRef(id, name));

        SecretRef next = secrets.of(swarm(), SecretValue.of("5678"));
        assertThat(next.id()).isNotEqualTo(id);
        secrets.removeOthers(swarm(), List.of(next));
        assertThat(docker.find(Kinds.SECRETS, id)).isEmpty();
        assertThat(docker.find(Kinds.SECRETS, next.id())).isPresent();
        // What was removed is made again when it is asked for.
        assertThat(docker.find(Kinds.SECRETS, secrets.of(swarm(), PIN).id())).isPresent();
    }

    @Test
    void aDamagedKeyIsReplacedAndSomebodyElsesIsLeftAlone() throws Exception {
        String name = NAMES.base() + "-digest-key";
        keepKey(name, NAMES.labels("digest-key"));
        SecretRef made = another(NAMES).of(swarm(), PIN);
        assertThat(another(NAMES).of(swarm(), PIN)).isEqualTo(made);

        docker.delete(Kinds.CONFIGS, name);
        keepKey(name, Map.of());
        assertThatThrownBy(() -> another(NAMES).of(swarm(), PIN))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining(name);
    }

    private void keepKey(String name, Map<String, String> labels) throws InterruptedException {
        var spec = JsonNodeFactory.instance.objectNode().put("Name", name);
        labels.forEach(spec.putObject("Labels")::put);
        docker.create(Kinds.CONFIGS, spec.put("Data", "c2hvcnQ="), Optional.empty());
    }
}
