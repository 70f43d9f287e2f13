package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.JsonText;
import org.junit.jupiter.api.Test;

/** What managed fields tell, as an API server writes them. */
class SharesTest {

    private static final JsonText STATUS = JsonText.of(Serialization.unmarshal("""
            observedGeneration: 1
            conditions: [{type: Ready, status: 'True', reason: AsDeclared}]
            targets: {total: 1, up: 1}
            servers: [{namespace: shop, name: main}, {namespace: shop, name: second}]
            """, Object.class));

    private static final String CONDITION = ", f:status: {}, f:reason: {}";
    private static final String TARGETS = ", f:up: {}";

    @Test
    void eachManagerOwnsWhatItSaysOfItsServers() {
        assertThat(Shares.owned(metadata("narthex", CONDITION, TARGETS), "narthex", STATUS))
                .hasValueSatisfying(
                        owned -> assertThat(owned.servers()).containsExactly(ResourceKey.ofServer("shop", "main")));
        assertThat(Shares.owned(metadata("narthex", CONDITION, TARGETS), "other", STATUS))
                .hasValueSatisfying(owned -> {
                    assertThat(owned.servers()).containsExactly(ResourceKey.ofServer("shop", "second"));
                    assertThat(owned.sum()).isFalse();
                });
        assertThat(Shares.owned(metadata("narthex", CONDITION, TARGETS), "kubectl", STATUS))
                .as("who owns nothing of the status")
                .isEmpty();
    }

    @Test
    void theSumIsOwnedByWhoeverOwnsAllOfIt() {
        assertThat(sum(CONDITION, TARGETS)).isTrue();
        assertThat(sum("", TARGETS)).as("of the condition its type only").isFalse();
        assertThat(sum(CONDITION, "")).as("of the targets their total only").isFalse();
    }

    /** As the API server keeps it of a manager that applied an empty status. */
    @Test
    void whoeverTookAllBackOwnsNothing() {
        ObjectMeta metadata = Serialization.unmarshal("""
            managedFields:
            - {manager: narthex, operation: Apply, subresource: status, fieldsV1: {f:status: {}}}
            """, ObjectMeta.class);
        assertThat(Shares.owned(metadata, "narthex", STATUS)).isEmpty();
    }

    private static boolean sum(String condition, String targets) {
        return Shares.owned(metadata("narthex", condition, targets), "narthex", STATUS)
                .orElseThrow()
                .sum();
    }

    /** Two managers, of which {@code other} said last that the condition is so. */
    private static ObjectMeta metadata(String manager, String condition, String targets) {
        return Serialization.unmarshal("""
            managedFields:
            - manager: %s
              operation: Apply
              subresource: status
              fieldsV1:
                f:status:
                  f:conditions:
                    'k:{"type":"Ready"}': {.: {}, f:type: {}%s}
                  f:observedGeneration: {}
                  f:servers: {'k:{"namespace":"shop","name":"main"}': {.: {}, f:name: {}, f:namespace: {}}}
                  f:targets: {.: {}, f:total: {}%s}
            - manager: other
              operation: Apply
              subresource: status
              fieldsV1: {f:status: {f:servers: {'k:{"namespace":"shop","name":"second"}': {.: {}}}}}
            - manager: kubectl
              operation: Update
              fieldsV1: {f:spec: {}}
            """.formatted(manager, condition, targets), ObjectMeta.class);
    }
}
