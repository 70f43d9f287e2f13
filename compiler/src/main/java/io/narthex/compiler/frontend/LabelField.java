package io.narthex.compiler.frontend;

/** A setting that a label of a service gives, by the last part of the label's name. */
enum LabelField {
    /** Whether the endpoint is scraped. */
    SCRAPE("scrape", false),
    /** The port in the container. */
    PORT("port", true),
    /** The path of the metrics. */
    PATH("path", true),
    /** With or without TLS. */
    SCHEME("scheme", true),
    /** The label {@code job} of the targets. */
    JOB("job", false),
    /** The time between two scrapes. */
    INTERVAL("interval", false),
    /** How long a scrape may take. */
    TIMEOUT("timeout", false),
    /** The network that addresses come from. */
    NETWORK("network", true),
    /** The PrometheusServer that scrapes. */
    SERVER("server", true),
    /** A parameter of the URL, by name. */
    PARAM("param.", false),
    /** A label of the targets, by name. */
    LABEL("label.", false),
    /** The user's name. */
    USERNAME("basic-auth.username", true),
    /** The Docker secret that holds the user's password. */
    PASSWORD("basic-auth.password-secret", true),
    /** The Docker secret that holds a bearer token. */
    TOKEN("authorization.secret", true),
    /** The Docker secret that holds the certificates of the authorities to trust. */
    CA("tls.ca-secret", true);

    /** What Narthex's own labels begin with. */
    static final String PREFIX = "prometheus.io/";

    private final String text;
    private final boolean guarded;

    LabelField(String text, boolean guarded) {
        this.text = text;
        this.guarded = guarded;
    }

    /** Returns the last part of the label's name; of a field with names of its own, what stands before them. */
    String text() {
        return text;
    }

    /** Returns whether there is one such setting for each name. */
    boolean isNamed() {
        return text.endsWith(".");
    }

    /** Returns whether an endpoint is better not scraped than without it, when it is misspelled. */
    boolean isGuarded() {
        return guarded;
    }
}
