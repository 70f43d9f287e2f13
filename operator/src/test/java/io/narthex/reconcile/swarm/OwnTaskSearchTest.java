package io.narthex.reconcile.swarm;

import static io.narthex.docker.DockerJson.objects;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a process knows whether it is a task. */
class OwnTaskSearchTest {

    private static final String HOST = "3f84ed6507c8";

    private Instant now = Instant.EPOCH;

    private static SwarmSnapshot swarm(String... tasks) throws IOException {
        return new SwarmSnapshot(List.of(), objects(tasks), List.of(), List.of(), List.of(), List.of(), Instant.EPOCH);
    }

    private static SwarmSnapshot told() throws IOException {
        return swarm(
                "{'ID': 't1', 'ServiceID': 's1', 'Status': {'ContainerStatus': {'ContainerID': '" + HOST + "a1b2'}}}");
    }

    @Test
    void aContainerWaitsUntilDockerTellsWhichTaskItIs() throws IOException {
        OwnTaskSearch search = new OwnTaskSearch(HOST, () -> now);
        assertThat(search.isSettled(swarm("{'ID': 't1', 'ServiceID': 's1'}"))).isFalse();
        now = now.plus(OwnTaskSearch.PATIENCE).minusMillis(1);
        assertThat(search.isSettled(swarm("{'ID': 't1', 'ServiceID': 's1'}"))).isFalse();
        assertThat(search.isSettled(told())).isTrue();
        assertThat(search.found().map(OwnTask::id)).hasValue("t1");
    }

    @Test
    void aContainerThatIsNoTaskIsNoneInTheEnd() throws IOException {
        OwnTaskSearch search = new OwnTaskSearch(HOST, () -> now);
        assertThat(search.isSettled(swarm())).isFalse();
        now = now.plus(OwnTaskSearch.PATIENCE);
        assertThat(search.isSettled(swarm())).isTrue();
        assertThat(search.found()).isEmpty();
        // Better late than never.
        assertThat(search.isSettled(told())).isTrue();
        assertThat(search.found().map(OwnTask::id)).hasValue("t1");
    }

    @Test
    void aMachineIsNoTaskAtOnce() throws IOException {
        OwnTaskSearch search = new OwnTaskSearch("node-1", () -> now);
        assertThat(search.isSettled(swarm())).isTrue();
        assertThat(search.found()).isEmpty();
    }

    /** Whose service is being removed isn't suddenly none, whom nothing keeps from making everything anew. */
    @Test
    void aTaskThatIsNoLongerToldOfStaysOne() throws IOException {
        OwnTaskSearch search = new OwnTaskSearch(HOST, () -> now);
        search.isSettled(told());
        assertThat(search.isSettled(swarm())).isTrue();
        assertThat(search.found().map(OwnTask::id)).hasValue("t1");
    }
}
