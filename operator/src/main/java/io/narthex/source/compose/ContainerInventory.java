package io.narthex.source.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.swarm.SwarmService;
import java.util.List;
import java.util.Optional;

/**
 * Adds the services of containers to what a folder declares, change after change. What didn't change is the very same as
 * before, and so is the whole where nothing did.
 *
 * <p>For one thread.
 */
public final class ContainerInventory {

    private Inventory declared = Inventory.EMPTY;
    private Optional<Declared<?>> further = Optional.empty();
    private List<SwarmService> services = List.of();
    private Inventory inventory = Inventory.EMPTY;

    /**
     * Returns what is declared in all.
     *
     * @param folder what a folder declares
     * @param more a resource beside those; empty for none
     * @param containers the containers, as Docker lists them
     */
    @SuppressWarnings("ReferenceEquality") // An inventory that didn't change is the very same.
    public Inventory take(Inventory folder, Optional<Declared<?>> more, List<JsonNode> containers) {
        List<SwarmService> now = ContainerReader.services(containers);
        if (folder == declared && more.equals(further) && now.equals(services)) {
            return inventory;
        }
        Inventory next = folder;
        if (more.isPresent()) {
            next = next.with(more.get());
        }
        for (SwarmService service : now) {
            Optional<Declared<?>> known = inventory
                    .find(Inventory.keyOf(service))
                    .filter(before -> before.spec().equals(service));
            next = known.isPresent() ? next.with(known.get()) : next.with(service);
        }
        declared = folder;
        further = more;
        services = now;
        inventory = next;
        return next;
    }
}
