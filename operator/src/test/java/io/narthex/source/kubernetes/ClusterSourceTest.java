package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A namespace that is closed at the start is seen once it is opened, whatever changed until then. */
class ClusterSourceTest {

    private final AtomicBoolean closed = new AtomicBoolean(true);
    private final AtomicInteger definitions = new AtomicInteger();

    private Answer answer(Request request) {
        if (request.path().equals("/openapi/v3")) {
            return new Answer(
                    200,
                    "{\"paths\": {\"apis/%s\": {\"serverRelativeURL\": \"/openapi/v3?hash=%d\"}}}"
                            .formatted(ApiGroup.API_VERSION, definitions.get()));
        }
        return closed.get() && request.path().endsWith("/namespaces/shut/monitors")
                ? Answer.refusal(403, "{}")
                : new Answer(200, "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}");
    }

    @Test
    void whoeverWaitsForANamespaceWaitsForThoseWhoWatchItNow() throws Exception {
        try (StubApiServer apiServer = new StubApiServer(this::answer);
                ClusterSource source = new ClusterSource(apiServer.client(), () -> {}, InstantSource.system())) {
            CompletableFuture<Void> open = source.start(Optional.of("open"));
            CompletableFuture<Void> shut = source.start(Optional.of("shut"));
            await().until(open::isDone);
            await().until(() -> source.health().refused(Optional.of("shut")).isDone());

            // Twice, so that the ones of the beginning are long gone.
            for (int change = 0; change < 2; change++) {
                definitions.incrementAndGet();
                source.recheck();
            }
            assertThat(shut).as("it is still closed").isNotDone();

            closed.set(false);
            await().until(shut::isDone);
        }
    }
}
