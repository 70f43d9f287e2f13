package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.Identity;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.TestDocker;
import io.narthex.rollout.swarm.SwarmNames;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As whom Narthex comes to a server of a Swarm, kept by a real daemon. */
class IdentityConfigIT {

    private static final SwarmNames NAMES =
            new SwarmNames("narthex-it", new ResourceKey("PrometheusServer", "default", "identity-it"));

    private DockerClient docker;

    @BeforeEach
    void begin() {
        docker = new DockerClient(TestDocker.host());
    }

    @AfterEach
    void end() throws Exception {
        if (docker != null) {
            docker.delete(Kinds.CONFIGS, NAMES.identity());
            docker.close();
        }
    }

    private IdentityConfig another() {
        return new IdentityConfig(docker, NAMES, InstantSource.system());
    }

    private void keep(String content, Map<String, String> labels) throws InterruptedException {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", NAMES.identity());
        labels.forEach(spec.putObject("Labels")::put);
        spec.put("Data", Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)));
        docker.create(Kinds.CONFIGS, spec, Optional.empty());
    }

    @Test
    void anotherOperatorIsTheSameUser() throws Exception {
        assertThat(another().find()).isEmpty();
        Identity made = another().obtain();
        assertThat(another().find()).hasValue(made);
        assertThat(another().obtain()).isEqualTo(made);
    }

    @Test
    void oneThatIsDamagedIsReplaced() throws Exception {
        keep("{\"password\": ", NAMES.labels("identity"));
        assertThat(another().find()).isEmpty();
        Identity made = another().obtain();
        assertThat(another().find()).hasValue(made);
    }

    @Test
    void aConfigOfSomebodyElseIsLeftAlone() throws Exception {
        keep("theirs", Map.of());
        assertThatThrownBy(() -> another().obtain())
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(DockerException.Kind.NAME_TAKEN))
                .hasMessageContaining(NAMES.identity());
        assertThat(docker.find(Kinds.CONFIGS, NAMES.identity())).isPresent();
    }
}
