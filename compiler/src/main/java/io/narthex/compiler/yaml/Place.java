package io.narthex.compiler.yaml;

import io.narthex.compiler.model.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A field's place while a tree is walked: cheap to extend, and made a {@link FieldPath} only where one is needed. */
record Place(@Nullable Place parent, FieldPath.@Nullable Step step) {

    static final Place ROOT = new Place(null, null);

    /** What fields that hold credentials are called, in lower case. */
    private static final Set<String> CREDENTIALS = Set.of(
            "password",
            "passwd",
            "token",
            "bearertoken",
            "accesstoken",
            "secret",
            "secretkey",
            "accesskey",
            "privatekey",
            "clientsecret",
            "credentials",
            "credential",
            "apikey",
            "keydata",
            "passphrase");

    Place field(String name) {
        return new Place(this, new FieldPath.Field(name));
    }

    Place index(int position, String label) {
        return new Place(this, new FieldPath.Index(position, label));
    }

    FieldPath path() {
        List<FieldPath.Step> steps = new ArrayList<>();
        for (Place place = this; place != null; place = place.parent) {
            if (place.step != null) {
                steps.add(place.step);
            }
        }
        Collections.reverse(steps);
        return new FieldPath(steps);
    }

    /** Returns whether what stands here is likely a secret, which no message may show. */
    boolean isCredential() {
        for (Place place = this; place != null; place = place.parent) {
            if (place.step instanceof FieldPath.Field(String name) && isCredential(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a field of this name likely holds a secret. */
    static boolean isCredential(String name) {
        return CREDENTIALS.contains(
                name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
    }
}
