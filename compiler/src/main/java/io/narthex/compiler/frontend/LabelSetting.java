package io.narthex.compiler.frontend;

/**
 * A setting of an endpoint.
 *
 * @param field which
 * @param name its own name, for fields that have some; empty text for others
 */
record LabelSetting(LabelField field, String name) {

    static LabelSetting of(LabelField field) {
        return new LabelSetting(field, "");
    }
}
