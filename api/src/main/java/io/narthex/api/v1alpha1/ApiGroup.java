package io.narthex.api.v1alpha1;

/** The names under which the custom resources are known. */
public final class ApiGroup {
    /** The API group. */
    public static final String NAME = "monitoring.narthex.io";

    /** The version. */
    public static final String VERSION = "v1alpha1";

    /** Group and version, as {@code apiVersion} has them. */
    public static final String API_VERSION = NAME + "/" + VERSION;

    private ApiGroup() {}
}
