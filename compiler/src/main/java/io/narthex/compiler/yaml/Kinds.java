package io.narthex.compiler.yaml;

import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.ApiKinds;
import java.util.List;

/** Narthex's own kinds. */
final class Kinds {

    static final List<ResourceKind> ALL = ApiKinds.SPECS.entrySet().stream()
            .map(kind -> new ResourceKind(
                    kind.getKey(), kind.getValue(), ApiKinds.definition(kind.getKey()), ApiGroup.VERSION))
            .toList();

    static final RuleTwins TWINS = OwnRules.twins();

    private Kinds() {}
}
