package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
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
    /** The name of one that somebody else made. */
    private String foreign = "";

    private StubApiServer apiServer;
    private ServerObjects objects;

    @BeforeEach
    void start() throws IOException {
        apiServer = new StubApiServer(request -> {
            String name = request.path().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
            if (request.method().equals("GET")) {
                return name.equals(foreign)
                        ? new Answer(200, Serialization.asJson(others(name)))
                        : Answer.refusal(404, "{}");
            }
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

    @Test
    void whatSomebodyElseMadeMeanwhileIsNotTakenOver() {
        objects.write(List.of(FIRST, SECOND));
        asked.clear();
        foreign = "first";
        objects.restore();
        assertThat(asked).containsExactly("second");
        assertThat(objects.obstacle())
                .hasValue("Service shop/first exists and isn't this server's; rename one of the two");

        asked.clear();
        objects.writeMissing();
        assertThat(asked).isEmpty();
        assertThat(objects.obstacle()).as("it still is").isPresent();
        objects.write(List.of(new ServiceBuilder((Service) FIRST)
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build()));
        assertThat(asked).as("in another version, too").isEmpty();

        foreign = "";
        objects.write(List.of(FIRST, SECOND));
        assertThat(asked).containsExactly("first", "second");
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
    void anAccountThatOthersAreToMakeIsLookedForBeforeItGetsItsRights() {
        assertThat(objects.writeAccount("theirs", List.of(FIRST)))
                .hasValue(
                        "ServiceAccount shop/theirs doesn't exist, and spec.serviceAccount has create: false; make it,"
                                + " or have Narthex do so without create: false");
        assertThat(asked).isEmpty();

        foreign = "theirs";
        assertThat(objects.writeAccount("theirs", List.of(FIRST))).isEmpty();
        assertThat(asked).containsExactly("first");
    }

    @Test
    void thatAnAccountCanNotBeLookedForIsSaid() {
        apiServer.answer(request -> Answer.refusal(403, "{}"));
        assertThat(objects.writeAccount("theirs", List.of(FIRST)))
                .hasValue("ServiceAccount theirs: the API server refuses (403): told to");
    }

    @Test
    void whatOthersNeedIsWrittenUpToTheFirstThatIsRefused() {
        refused = "a";
        assertThat(objects.writeAccount("a", List.of(ACCOUNT, FIRST)))
                .hasValue("ServiceAccount a: the API server refuses (403): told to");
        assertThat(asked).containsExactly("a");
        assertThat(objects.obstacle()).as("it is nothing of what is wanted").isEmpty();

        refused = "";
        assertThat(objects.writeAccount("a", List.of(ACCOUNT, FIRST))).isEmpty();
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

    private static HasMetadata others(String name) {
        return new ServiceBuilder((Service) service(name))
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName("other")
                .withUid("other")
                .endOwnerReference()
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
