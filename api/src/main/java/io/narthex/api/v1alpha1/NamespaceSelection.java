package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.SetList;
import java.util.List;

/**
 * The namespaces in which a Monitor looks for objects. Absent or empty: its own.
 *
 * @param all Whether all namespaces that the server may see are meant.
 * @param names The namespaces' names.
 */
@ValidationRule(
        value = "!(has(self.all) && self.all && has(self.names) && self.names.size() > 0)",
        message = "set either all or names")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NamespaceSelection(
        boolean all, @SetList @Size(max = 256) List<@DnsLabel String> names) {
    public NamespaceSelection {
        names = Immutable.list(names);
    }
}
