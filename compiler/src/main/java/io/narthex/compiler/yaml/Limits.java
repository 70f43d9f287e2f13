package io.narthex.compiler.yaml;

/** How much one file may ask for. All are far beyond what people write and far below what would hurt. */
final class Limits {

    /** How deep mappings and lists may nest. */
    static final int DEPTH = 64;
    /** How many nodes the aliases of one file may expand to, see {@link YamlNode#weight()}. */
    static final int ALIAS_WEIGHT = 100_000;

    private Limits() {}
}
