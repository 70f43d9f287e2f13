package io.narthex.reconcile;

import static java.util.Objects.requireNonNull;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The credentials that a server itself names, such as for remote write, as they were when Prometheus last loaded a
 * configuration with them. Another content of the same file makes no other configuration: that Prometheus refuses it shows at a
 * later change, which somebody else made. For one thread at a time.
 */
final class OwnCredentials {

    private static final String PEM = "-----BEGIN ";

    private Optional<Map<SecretId, SecretValue>> loaded = Optional.empty();
    private Optional<String> configuration = Optional.empty();
    private Map<String, SecretId> files = Map.of();
    private Optional<Suspicion> suspicion = Optional.empty();

    /**
     * That Prometheus refuses them, and not what changed besides.
     *
     * @param contents what is suspected
     * @param message what Prometheus says
     * @param hasOthers whether it refuses what changed without them, too
     */
    record Suspicion(Map<SecretId, SecretValue> contents, String message, boolean hasOthers) {}

    /** Notes which they are. */
    void compiled(Compilation compilation) {
        files = compilation.serverCredentials();
    }

    /**
     * Notes what Prometheus runs; returns whether it read them for that. Where nothing but them changed it wasn't made to.
     */
    boolean loaded(Bundle bundle, Compilation compilation, Inventory inventory) {
        String now = bundle.generation() + "+" + bundle.restartKey();
        boolean isRead = !configuration.equals(Optional.of(now));
        Map<SecretId, SecretValue> contents = contents(compilation, inventory);
        if (!isRead) {
            contents.putAll(loaded.orElse(Map.of()));
        }
        loaded = Optional.of(Map.copyOf(contents));
        configuration = Optional.of(now);
        return isRead;
    }

    private static Map<SecretId, SecretValue> contents(Compilation compilation, Inventory inventory) {
        Map<SecretId, SecretValue> contents = new HashMap<>();
        compilation
                .serverCredentials()
                .values()
                .forEach(id -> inventory.secret(id).ifPresent(value -> contents.put(id, value)));
        return contents;
    }

    /** Says what they were, by the paths of their files, as far as that isn't known. */
    void restore(Map<String, SecretValue> kept) {
        if (loaded.isEmpty()) {
            Map<SecretId, SecretValue> contents = new HashMap<>();
            files.forEach(
                    (path, id) -> Optional.ofNullable(kept.get(path)).ifPresent(value -> contents.put(id, value)));
            loaded = Optional.of(Map.copyOf(contents));
        }
    }

    /** Returns the paths of the files whose earlier contents are needed, and nothing says what those were. */
    Set<String> missed() {
        return loaded.isEmpty() ? files.keySet() : Set.of();
    }

    /** Returns those that are others than when Prometheus last loaded them. */
    Map<SecretId, SecretValue> changed(Inventory inventory) {
        Map<SecretId, SecretValue> changed = new HashMap<>();
        loaded.orElse(Map.of())
                .forEach((id, before) ->
                        inventory.secret(id).filter(now -> !now.equals(before)).ifPresent(now -> changed.put(id, now)));
        return changed;
    }

    /**
     * Returns those of them which a refusal may be about: what Prometheus reads when it loads its configuration, or names.
     * Passwords and tokens it reads when it sends them.
     *
     * @param message what Prometheus says
     */
    Map<SecretId, SecretValue> suspects(Inventory inventory, String message) {
        Map<SecretId, SecretValue> suspects = changed(inventory);
        suspects.entrySet()
                .removeIf(one -> !isPem(one.getValue())
                        && !isPem(requireNonNull(loaded.orElseThrow().get(one.getKey())))
                        && files.entrySet().stream()
                                .noneMatch(file ->
                                        file.getValue().equals(one.getKey()) && message.contains(file.getKey())));
        return suspects;
    }

    private static boolean isPem(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.ISO_8859_1).contains(PEM);
    }

    /** Has those that are suspected be as Prometheus last loaded them. */
    Inventory withoutSuspects(Inventory inventory) {
        return asLoaded(inventory, suspicion.map(one -> one.contents().keySet()).orElse(Set.of()));
    }

    /** As {@link #asLoaded}, of certificates, keys and authorities alone. */
    Inventory pemAsLoaded(Inventory inventory) {
        return asLoaded(inventory, suspects(inventory, "").keySet());
    }

    /** Has some of them be as Prometheus last loaded them. One that is gone by now stays so: it may have been revoked. */
    Inventory asLoaded(Inventory inventory, Set<SecretId> ids) {
        Inventory earlier = inventory;
        for (Map.Entry<SecretId, SecretValue> before : loaded.orElse(Map.of()).entrySet()) {
            if (ids.contains(before.getKey())
                    && inventory.secret(before.getKey()).isPresent()) {
                earlier = earlier.with(before.getKey(), before.getValue());
            }
        }
        return earlier;
    }

    /**
     * Notes that Prometheus refuses a step and says of nobody why.
     *
     * @return whether they are suspected from now on, so that the same is to be tried without them
     */
    boolean suspect(Inventory running, String message) {
        if (suspicion.isPresent()) {
            suspicion = Optional.of(new Suspicion(suspicion.get().contents(), message, true));
            return false;
        }
        Map<SecretId, SecretValue> suspects = suspects(running, message);
        if (!suspects.isEmpty()) {
            suspicion = Optional.of(new Suspicion(suspects, message, false));
        }
        return suspicion.isPresent();
    }

    /** Forgets a suspicion of what is something else by now; returns whether there is one. */
    boolean isSuspected(Inventory declared) {
        suspicion = suspicion.filter(one -> one.contents().entrySet().stream()
                .allMatch(content -> declared.secret(content.getKey()).equals(Optional.of(content.getValue()))));
        return suspicion.isPresent();
    }

    /** Ends a suspicion: somebody else is to blame. */
    void acquit() {
        suspicion = Optional.empty();
    }

    /**
     * Ends a suspicion once Prometheus has loaded something without what is suspected; returns it where it is true, since
     * nothing else was left out.
     */
    Optional<Suspicion> settle() {
        Optional<Suspicion> proved = suspicion.filter(one -> !one.hasOthers());
        suspicion = Optional.empty();
        return proved;
    }
}
