package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server that refuses one object and no other, for as long as it is told to. */
class ServerObjectsTest {

    private static final HasMetadata ACCOUNT = account("a");
    private static final HasMetadata FIRST = service("first");
    private static final HasMetadata SECOND = service("second");

    private final List<String> asked = new ArrayList<>();
    private String refused = "";
    private StubApiServer apiServer;
    private ServerObjects objects;

    @BeforeEach
    void start() throws IOException {
        apiServer = new StubApiServer(request -> {
            if (request.method().equals("GET")) {
                return Answer.refusal(404, "{}");
            }
            String name = request.path().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
            asked.add(name);
            return name.equals(refused) ? Answer.refusal(403, "{}") : new Answer(200, request.body());
        });
        objects = new ServerObjects(apiServer.client());
    }

    @AfterEach
    void stop() {
        apiServer.close();
    }

    @Test
    void oneThatIsRefusedKeepsNoOtherFromBeingWritten() {
        refused = "first";
        objects.write(List.of(FIRST, SECOND));
        assertThat(asked).containsExactly("first", "second");
        assertThat(objects.obstacle()).hasValue("Service first: the API server refuses (403): told to");

        asked.clear();
        objects.writeMissing();
        assertThat(asked).as("what is written isn't written again").containsExactly("first");
        assertThat(objects.obstacle()).isPresent();

        refused = "";
        objects.writeMissing();
        assertThat(objects.obstacle()).isEmpty();
        asked.clear();
        objects.write(List.of(FIRST, SECOND));
        assertThat(asked).isEmpty();
    }

    @Test
    void oneThatCanNotBeRestoredKeepsNoOtherFromIt() {
        objects.write(List.of(FIRST, SECOND));
        asked.clear();
        refused = "first";
        objects.restore();
        assertThat(asked).containsExactly("first", "second");
        assertThat(objects.obstacle()).isPresent();

        asked.clear();
        refused = "";
        objects.writeMissing();
        assertThat(asked).containsExactly("first");
        assertThat(objects.obstacle()).isEmpty();
    }

    /** Its name may be somebody else's by then, or it is to be nobody's. */
    @Test
    void whatIsNotWantedAnyMoreIsNotWritten() {
        objects.write(List.of(ACCOUNT, FIRST));
        objects.write(List.of(FIRST));
        asked.clear();
        objects.restore();
        assertThat(asked).containsExactly("first");
    }

    @Test
    void whatOthersNeedIsWrittenUpToTheFirstThatIsRefused() {
        refused = "a";
        assertThat(objects.writeFirst(List.of(ACCOUNT, FIRST)))
                .hasValue("ServiceAccount a: the API server refuses (403): told to");
        assertThat(asked).containsExactly("a");
        assertThat(objects.obstacle()).as("it is nothing of what is wanted").isEmpty();

        refused = "";
        assertThat(objects.writeFirst(List.of(ACCOUNT, FIRST))).isEmpty();
        assertThat(asked).containsExactly("a", "a", "first");
    }

    private static HasMetadata account(String name) {
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .build();
    }

    private static HasMetadata service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .build();
    }
}
