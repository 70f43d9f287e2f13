package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an operator was started with is read from its Deployment. */
class OperatorArgumentsTest {

    private static List<OperatorArguments> of(String... arguments) {
        Deployment deployment = new DeploymentBuilder()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .addNewContainer()
                .withName("operator")
                .withArgs(arguments)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        return OperatorArguments.of(deployment).toList();
    }

    @Test
    void anOptionAndItsValueAreOneArgumentOrTwo() {
        OperatorArguments wanted = new OperatorArguments(Optional.of("a"), Set.of("x", "y"), Set.of());
        assertThat(of("operator", "--discovery-role=d", "--operator-class=a", "--platform-namespaces=x,y"))
                .containsExactly(wanted);
        assertThat(of("operator", "--discovery-role", "d", "--operator-class", "a", "--platform-namespaces", "x,y"))
                .containsExactly(wanted);
    }

    @Test
    void otherProgramsAreLeftOut() {
        assertThat(of("operator", "--namespaces=a")).isEmpty();
        assertThat(of("controller", "--discovery-role=d")).isEmpty();
    }

    @Test
    void itTakesTheServersOfItsClassWhereItLooks() {
        OperatorArguments confined =
                of("operator", "--discovery-role=d", "--namespaces=a,b").getFirst();
        assertThat(confined.namespaces()).containsExactlyInAnyOrder("a", "b");
        assertThat(confined.takes(null, "a")).isTrue();
        assertThat(confined.takes(null, "c")).isFalse();
        assertThat(confined.takes("k", "a")).isFalse();

        OperatorArguments ofClass =
                of("operator", "--discovery-role=d", "--operator-class=k").getFirst();
        assertThat(ofClass.takes("k", "anywhere")).isTrue();
        assertThat(ofClass.takes(null, "anywhere")).isFalse();
    }
}
