package io.narthex.compiler.importing;

import io.narthex.compiler.config.ConfigField;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fields Prometheus knows where: those that Narthex writes itself, and those that it never writes, such as inline
 * passwords ("Configuration" of the Prometheus documentation).
 */
final class ConfigKeys {

    /** Kinds of service discovery that Narthex has no typed form of. */
    private static final Set<String> OTHER_DISCOVERY = Set.of(
            "aws_sd_configs",
            "azure_sd_configs",
            "consul_sd_configs",
            "digitalocean_sd_configs",
            "docker_sd_configs",
            "dockerswarm_sd_configs",
            "ec2_sd_configs",
            "ecs_sd_configs",
            "eureka_sd_configs",
            "gce_sd_configs",
            "hetzner_sd_configs",
            "ionos_sd_configs",
            "kuma_sd_configs",
            "lightsail_sd_configs",
            "linode_sd_configs",
            "marathon_sd_configs",
            "nerve_sd_configs",
            "nomad_sd_configs",
            "openstack_sd_configs",
            "ovhcloud_sd_configs",
            "puppetdb_sd_configs",
            "scaleway_sd_configs",
            "serverset_sd_configs",
            "stackit_sd_configs",
            "triton_sd_configs",
            "uyuni_sd_configs",
            "vultr_sd_configs");

    private ConfigKeys() {}

    static Set<String> root() {
        return named("ROOT_");
    }

    static Set<String> of(String section, String... more) {
        Set<String> keys = new TreeSet<>(Set.of(more));
        for (ConfigField field : ConfigField.values()) {
            if (field.section().equals(section)) {
                keys.add(field.key());
                if (!field.gate().oldName().isEmpty()) {
                    keys.add(field.gate().oldName());
                }
            }
        }
        return keys;
    }

    /** Returns the fields of a section that also says how requests are made. */
    static Set<String> client(String section, String... more) {
        Set<String> keys = of(section, more);
        keys.addAll(named("HTTP_"));
        keys.addAll(named("PROXY_"));
        keys.add("bearer_token");
        keys.add("bearer_token_file");
        return keys;
    }

    /** Returns the fields of a section that also says where targets come from. */
    static Set<String> discovery(String section) {
        Set<String> keys = client(section);
        keys.addAll(named("SD_"));
        keys.addAll(OTHER_DISCOVERY);
        return keys;
    }

    private static Set<String> named(String prefix) {
        Set<String> keys = new TreeSet<>();
        Arrays.stream(ConfigField.values())
                .filter(field ->
                        field.name().startsWith(prefix) && field.section().isEmpty())
                .map(ConfigField::key)
                .forEach(keys::add);
        return keys;
    }
}
