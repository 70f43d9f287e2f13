package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.narthex.reconcile.kubernetes.BindingQueue.Delete;
import io.narthex.reconcile.kubernetes.BindingQueue.Look;
import io.narthex.reconcile.kubernetes.BindingQueue.Task;
import io.narthex.reconcile.kubernetes.BindingQueue.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is withdrawn goes first, and nothing that fails holds up anything else. */
class BindingQueueTest {

    private final BindingQueue queue = new BindingQueue();
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");

    private static HasMetadata binding(String namespace, String name) {
        return binding(namespace, name, "discovery");
    }

    private static HasMetadata binding(String namespace, String name, String role) {
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .build();
    }

    private static List<HasMetadata> inEachOf(String prefix, int namespaces) {
        return IntStream.range(0, namespaces)
                .mapToObj(number -> binding(prefix + number, "one"))
                .toList();
    }

    private List<Task> begun() {
        List<Task> begun = new ArrayList<>();
        for (Optional<Task> next = queue.next(now); next.isPresent(); next = queue.next(now)) {
            begun.add(next.get());
        }
        return begun;
    }

    private void end(List<Task> tasks, boolean done) {
        tasks.forEach(task -> queue.ended(task, done, now));
    }

    @Test
    void whatIsWithdrawnGoesFirst() {
        HasMetadata kept = binding("a", "one");
        HasMetadata withdrawn = binding("z", "one");
        queue.want(List.of(kept, withdrawn), List.of(), now);
        end(begun(), true);
        HasMetadata granted = binding("b", "one");

        queue.restore(now);
        queue.want(List.of(kept, granted), List.of(), now);
        queue.put(new Look(), now);

        assertThat(begun()).containsExactly(new Look(), new Delete(withdrawn), new Write(granted), new Write(kept));
    }

    @Test
    void whatIsThereIsNotWrittenAgainUntilItIsAnother() {
        queue.want(List.of(binding("a", "one")), List.of(), now);
        end(begun(), true);
        queue.want(List.of(binding("a", "one")), List.of(), now);
        assertThat(begun()).isEmpty();
        assertThat(queue.dueAfter(now)).isEqualTo(Instant.MAX);

        HasMetadata other = binding("a", "one", "other");
        queue.want(List.of(other), List.of(), now);
        assertThat(begun()).containsExactly(new Write(other));
    }

    @Test
    void eachThatFailsIsTriedEverMoreRarelyByItself() {
        HasMetadata refused = binding("a", "one");
        HasMetadata other = binding("b", "one");
        queue.want(List.of(refused), List.of(), now);
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            end(begun(), false);
            pauses.add(Duration.between(now, queue.dueAfter(now)));
            // That the same is wanted as before ends no pause.
            queue.want(List.of(refused), List.of(), now);
            assertThat(begun()).isEmpty();
            now = queue.dueAfter(now);
        }
        assertThat(pauses)
                .containsExactlyElementsOf(
                        Stream.of(3, 6, 12, 24, 30, 30).map(Duration::ofSeconds).toList());

        queue.want(List.of(refused, other), List.of(), now);
        List<Task> begun = begun();
        assertThat(begun).as("the new one first").containsExactly(new Write(other), new Write(refused));
        end(begun, true);
        HasMetadata changed = binding("a", "one", "other");
        queue.want(List.of(changed, other), List.of(), now);
        end(begun(), false);
        assertThat(queue.dueAfter(now)).as("as after the first failure").isEqualTo(now.plusSeconds(3));
    }

    @Test
    void inANamespaceOneFollowsTheOther() {
        queue.want(List.of(binding("a", "one"), binding("a", "two"), binding("b", "one")), List.of(), now);
        List<Task> begun = begun();
        assertThat(begun).containsExactly(new Write(binding("a", "one")), new Write(binding("b", "one")));
        end(begun.subList(0, 1), false);
        assertThat(begun()).containsExactly(new Write(binding("a", "two")));
    }

    @Test
    void thoseThatFailLeaveRoomForWhatIsNew() {
        List<HasMetadata> hanging = inEachOf("hanging", 2 * BindingQueue.AT_ONCE);
        queue.want(hanging, List.of(), now);
        for (int i = 0; i < 2; i++) {
            List<Task> begun = begun();
            assertThat(begun).hasSize(BindingQueue.AT_ONCE);
            end(begun, false);
        }
        now = now.plusSeconds(3);
        assertThat(begun()).hasSize(BindingQueue.AGAIN_AT_ONCE);

        queue.want(Stream.concat(hanging.stream(), inEachOf("new", 3).stream()).toList(), List.of(), now);
        assertThat(begun()).hasSize(3);
    }

    /** A webhook that comes later is met by what is written once more. */
    @Test
    void whatIsWrittenOnceMoreLeavesRoomForWhatIsNew() {
        List<HasMetadata> all = inEachOf("there", BindingQueue.AT_ONCE);
        queue.want(all, List.of(), now);
        end(begun(), true);
        queue.restore(now);
        assertThat(begun()).hasSize(BindingQueue.AGAIN_AT_ONCE);

        queue.want(Stream.concat(all.stream(), inEachOf("new", 3).stream()).toList(), List.of(), now);
        assertThat(begun()).hasSize(3);
    }

    @Test
    void whatIsWithdrawnWhileItIsWrittenIsDeletedAfterwards() {
        HasMetadata binding = binding("a", "one");
        queue.want(List.of(binding), List.of(), now);
        List<Task> begun = begun();
        queue.want(List.of(), List.of(), now);
        assertThat(begun()).as("while it is written").isEmpty();
        end(begun, true);
        assertThat(begun()).containsExactly(new Delete(binding));
        assertThat(queue.isWanted(BindingQueue.name(binding))).isFalse();
    }

    @Test
    void whatIsWantedAgainWhileItIsDeletedIsWrittenAfterwards() {
        HasMetadata binding = binding("a", "one");
        queue.put(new Delete(binding), now);
        List<Task> begun = begun();
        queue.want(List.of(binding), List.of(), now);
        end(begun, true);
        assertThat(begun()).containsExactly(new Write(binding));
    }

    @Test
    void onlyWhatIsThereIsRestored() {
        queue.want(List.of(binding("a", "one"), binding("b", "one")), List.of(), now);
        List<Task> begun = begun();
        end(begun.subList(0, 1), false);
        end(begun.subList(1, 2), true);
        queue.restore(now);
        assertThat(begun()).containsExactly(new Write(binding("b", "one")));
    }
}
