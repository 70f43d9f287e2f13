package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** An aspect of a resource's state. */
public enum ConditionType {
    /** All is as declared: taken, loaded, verified. */
    READY("Ready"),
    /** PrometheusServer: all that was declared for it could be compiled. */
    CONFIG_ACCEPTED("ConfigAccepted"),
    /** PrometheusServer: every replica runs with the latest configuration. */
    CONFIG_LOADED("ConfigLoaded"),
    /** PrometheusServer: its storage is there. */
    STORAGE_READY("StorageReady"),
    /** PrometheusServer: a change is on its way. */
    PROGRESSING("Progressing"),
    /**
     * PrometheusServer with alertmanagers: Prometheus has discovered one at least. Isn't part of {@code Ready}, as the
     * server does the rest.
     */
    ALERTMANAGERS_DISCOVERED("AlertmanagersDiscovered"),
    /** Monitor and RuleSet: the server takes it as it is. */
    ACCEPTED("Accepted"),
    /** Monitor and RuleSet: the server runs with it. */
    LOADED("Loaded"),
    /** Monitor: every target's last scrape succeeded. */
    TARGETS_HEALTHY("TargetsHealthy"),
    /** RuleSet: every rule's last evaluation succeeded. */
    RULES_HEALTHY("RulesHealthy");

    private final String value;

    ConditionType(String value) {
        this.value = value;
    }

    /** The value as it stands in JSON. */
    @JsonValue
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
