package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What isn't served is refused where it is asked for, and nothing else. */
class UnservedTest {

    private static List<String> fields(String spec) {
        Declared<PrometheusServerSpec> server = new Declared<>(
                new ResourceKey("PrometheusServer", "shop", "main"),
                Map.of(),
                Map.of(),
                Specs.read(spec, PrometheusServerSpec.class),
                SourceMap.NONE);
        return Unserved.of(server).stream()
                .map(Diagnostic::field)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void shardsAndOwnDiscoveryArentServed() {
        assertThat(fields("{shards: 2}")).containsExactly("spec.shards");
        assertThat(fields("{discovery: Narthex}")).containsExactly("spec.discovery");
        assertThat(fields("{replicas: 3, shards: 1, discovery: Native}")).isEmpty();
    }

    /** It would be another server than was asked for, and say nothing of that. */
    @Test
    void whatIsOfAnotherPlatformOrCanNotBeReachedIsRefused() {
        assertThat(fields("{mode: External, external: {url: 'http://prometheus:9090'}}"))
                .containsExactly("spec.mode");
        assertThat(fields("{storage: {volume: {name: prometheus}}}")).containsExactly("spec.storage");
        assertThat(fields("{listen: {address: 127.0.0.1}}")).containsExactly("spec.listen");
        assertThat(fields("{listen: {address: 0.0.0.0, port: 9091}}")).isEmpty();
    }

    /** The second would wait for the first one's lock for ever. */
    @Test
    void oneClaimIsForOneReplica() {
        assertThat(fields("{replicas: 2, storage: {existingClaim: a}}")).containsExactly("spec.replicas");
        assertThat(fields("{replicas: 1, storage: {existingClaim: a}}")).isEmpty();
        assertThat(fields("{replicas: 2, storage: {size: 1Gi}}")).isEmpty();
    }
}
