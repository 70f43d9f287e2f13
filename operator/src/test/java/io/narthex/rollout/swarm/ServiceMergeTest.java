package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerJson;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service that was read, with what Docker and others put there, and what a server is to become. */
class ServiceMergeTest {

    private static final String BARE = """
            {'Name': 'narthex-main',
             'TaskTemplate': {'ContainerSpec': {'Image': 'a'}},
             'EndpointSpec': {'Mode': 'dnsrr'}}""";

    private static final String FULL = """
            {'Name': 'narthex-main',
             'TaskTemplate': {
               'ContainerSpec': {'Image': 'a', 'Isolation': 'default', 'Configs': [{'ConfigID': 'c'}],
                 'Secrets': [{'SecretID': 's'}], 'Mounts': [{'Source': 'v'}]},
               'Resources': {'Limits': {'NanoCPUs': 500000000, 'MemoryBytes': 1000, 'Pids': 7},
                 'Reservations': {'MemoryBytes': 10}},
               'Placement': {'Constraints': ['node.id==n'], 'Platforms': [{'OS': 'linux'}]},
               'ForceUpdate': 3},
             'EndpointSpec': {'Mode': 'vip', 'Ports': [{'TargetPort': 9090}]}}""";

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) DockerJson.objects(text).getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "/EndpointSpec/Ports",
        "/TaskTemplate/ContainerSpec/Configs",
        "/TaskTemplate/ContainerSpec/Secrets",
        "/TaskTemplate/ContainerSpec/Mounts",
        "/TaskTemplate/Resources/Limits/NanoCPUs",
        "/TaskTemplate/Resources/Limits/MemoryBytes",
        "/TaskTemplate/Placement/Constraints",
    })
    void whatIsNoLongerDeclaredGoes(String field) throws IOException {
        assertThat(json(FULL).at(field).isMissingNode()).isFalse();

        ObjectNode merged = ServiceMerge.merged(json(FULL), json(BARE), false);

        assertThat(merged.at(field).isMissingNode()).isTrue();
        assertThat(merged.at("/EndpointSpec/Mode").asText()).isEqualTo("dnsrr");
    }

    @ParameterizedTest
    @CsvSource({
        "/TaskTemplate/ContainerSpec/Isolation",
        "/TaskTemplate/Resources/Limits/Pids",
        "/TaskTemplate/Resources/Reservations/MemoryBytes",
        "/TaskTemplate/Placement/Platforms/0/OS",
        "/TaskTemplate/ForceUpdate",
    })
    void whatDockerAndOthersAddStays(String field) throws IOException {
        ObjectNode before = json(FULL);

        assertThat(ServiceMerge.merged(before, json(BARE), false).at(field)).isEqualTo(before.at(field));
    }

    @Test
    void whatIsDeclaredComesToWhereNothingWas() throws IOException {
        assertThat(ServiceMerge.merged(json(BARE), json(FULL), false)).isEqualTo(json(FULL));
    }

    @Test
    void whatIsTheSameIsWrittenOnceMoreWhereThatIsAskedFor() throws IOException {
        ObjectNode before = json(FULL);

        assertThat(ServiceMerge.merged(before, before, false)).isEqualTo(before);
        assertThat(ServiceMerge.merged(before, before, true)
                        .at("/TaskTemplate/ForceUpdate")
                        .asInt())
                .isEqualTo(4);
    }
}
