package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server sees its own namespace, and others by consent alone. */
class ServerViewTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");

    private static Declared<MonitorSpec> monitor(String namespace, String name) {
        try {
            return new Declared<>(
                    new ResourceKey("Monitor", namespace, name),
                    Map.of(),
                    Map.of(),
                    new ObjectMapper()
                            .readValue("{\"source\":{\"static\":{\"targets\":[\"127.0.0.1:1\"]}}}", MonitorSpec.class),
                    SourceMap.NONE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<ResourceKey> keys(Inventory inventory) {
        return Set.copyOf(inventory.resources().keys().toList());
    }

    @Test
    void otherNamespacesAreSeenByTheirConsentOnly() {
        Declared<MonitorSpec> own = monitor("shop", "a");
        Declared<MonitorSpec> other = monitor("bank", "b");
        ServerView view = new ServerView(SERVER, new Consent(Set.of(), Set.of()));
        Inventory inventory = Inventory.EMPTY.with(own).with(other).withNamespace("bank", Map.of("team", "x"));
        assertThat(keys(view.of(inventory))).containsExactly(own.key());

        Inventory consented = inventory.withNamespace("bank", Map.of(Inventory.MONITORED_FROM, "shop"));
        assertThat(keys(view.of(consented))).containsExactlyInAnyOrder(own.key(), other.key());

        Inventory elsewhere = consented.withNamespace("bank", Map.of(Inventory.MONITORED_FROM, "mall"));
        assertThat(keys(view.of(elsewhere))).containsExactly(own.key());
    }

    @Test
    void aNamespaceThatIsGoneIsForgotten() {
        Inventory inventory = Inventory.EMPTY.withNamespace("bank", Map.of("team", "x"));
        assertThat(inventory.withNamespace("bank", Map.of()).namespaces().keys())
                .isEmpty();
    }

    @Test
    void aPlatformNamespacesServerSeesAll() {
        Inventory inventory = Inventory.EMPTY.with(monitor("bank", "b"));
        assertThat(new ServerView(SERVER, new Consent(Set.of("shop"), Set.of())).of(inventory))
                .isSameAs(inventory);
    }

    @Test
    void whatGoesIsGoneFromTheView() {
        Declared<MonitorSpec> own = monitor("shop", "a");
        ServerView view = new ServerView(SERVER, new Consent(Set.of(), Set.of()));
        Inventory inventory = Inventory.EMPTY.with(own);
        Inventory before = view.of(inventory);
        assertThat(view.of(inventory.with(monitor("bank", "b")))).isSameAs(before);
        assertThat(keys(view.of(inventory.without(own.key())))).isEmpty();
    }

    @Test
    void whereTargetsMayBeDiscoveredFollowsTheConsents() {
        ServerView view = new ServerView(SERVER, new Consent(Set.of(), Set.of()));
        assertThat(view.of(Inventory.EMPTY).visibleNamespaces()).contains(Set.of("shop"));
        Inventory consented = Inventory.EMPTY
                .withNamespace("bank", Map.of(Inventory.MONITORED_FROM, "shop"))
                .withNamespace("mall", Map.of(Inventory.MONITORED_FROM, "town"));
        assertThat(view.of(consented).visibleNamespaces()).contains(Set.of("shop", "bank"));
        assertThat(view.of(consented.withNamespace("bank", Map.of())).visibleNamespaces())
                .contains(Set.of("shop"));
        assertThat(new ServerView(SERVER, new Consent(Set.of("shop"), Set.of()))
                        .of(consented)
                        .visibleNamespaces())
                .isEmpty();
    }

    /** As its operator sees it, which may read no labels, kubectl's plugin sees it, which may. */
    @Test
    void aConfinedServerSeesItsOwnNamespaceOnly() {
        Declared<MonitorSpec> own = monitor("shop", "a");
        Inventory inventory = Inventory.EMPTY
                .with(own)
                .with(monitor("bank", "b"))
                .withNamespace("shop", Map.of("team", "shop"))
                .withNamespace("bank", Map.of(Inventory.MONITORED_FROM, "shop"));
        Inventory seen = new ServerView(SERVER, new Consent(Set.of("shop"), Set.of("shop"))).of(inventory);
        assertThat(keys(seen)).containsExactly(own.key());
        assertThat(seen.visibleNamespaces()).contains(Set.of("shop"));
        assertThat(seen.namespaces().keys()).isEmpty();
    }

    @Test
    void credentialsOfOthersChangeNothingUntilTheyAgree() {
        ServerView view = new ServerView(SERVER, new Consent(Set.of(), Set.of()));
        SecretId own = new SecretId("shop", "login", "password");
        SecretId others = new SecretId("bank", "login", "password");
        Inventory inventory = Inventory.EMPTY.with(own, SecretValue.of("a"));
        Inventory before = view.of(inventory);
        assertThat(before.secret(own)).contains(SecretValue.of("a"));

        Inventory more = inventory.with(others, SecretValue.of("b"));
        assertThat(view.of(more)).isSameAs(before);
        Inventory agreed = more.withNamespace("bank", Map.of(Inventory.MONITORED_FROM, "shop"));
        assertThat(view.of(agreed).secret(others)).contains(SecretValue.of("b"));
        assertThat(view.of(agreed.withNamespace("bank", Map.of())).secret(others))
                .isEmpty();
    }

    @Test
    void namespacesThatAreNoneOfItsBusinessChangeNothing() {
        ServerView view = new ServerView(SERVER, new Consent(Set.of(), Set.of()));
        Inventory inventory = Inventory.EMPTY
                .with(monitor("shop", "a"))
                .with(monitor("bank", "b"))
                .withNamespace("shop", Map.of("team", "x"))
                .withNamespace("bank", Map.of("team", "y"));
        Inventory before = view.of(inventory);
        Inventory others = inventory
                .withNamespace("pull-request-7", Map.of("ci", "yes"))
                .withNamespace("bank", Map.of("team", "z"));
        assertThat(view.of(others)).isSameAs(before);
        Inventory relabelled = view.of(others.withNamespace("shop", Map.of("team", "w")));
        assertThat(relabelled.namespaceLabels("shop")).containsEntry("team", "w");
        assertThat(relabelled.resources()).isSameAs(before.resources());
    }
}
