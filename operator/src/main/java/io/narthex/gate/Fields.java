package io.narthex.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;

/** Checks of JSON trees that refuse what isn't named. */
final class Fields {

    private Fields() {}

    /**
     * Demands that an object has no other fields than these, written exactly so: Docker's own reader takes fields in any
     * case, so another case would be another way in.
     */
    static void only(JsonNode object, String where, Set<String> allowed) throws Refused {
        if (object.isMissingNode() || object.isNull()) {
            return;
        }
        if (!object.isObject()) {
            throw new Refused(where + " is no object");
        }
        Iterator<String> names = object.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw new Refused(where + " has the field " + shown(name) + ", which isn't permitted");
            }
        }
    }

    /** Returns what a client wrote, fit for a message. */
    static String shown(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9_./:-]", "?");
        return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
    }
}
