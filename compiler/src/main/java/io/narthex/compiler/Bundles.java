package io.narthex.compiler;

import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.assemble.JobParts;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.FileSdConfig;
import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.config.ScrapeConfig;
import io.narthex.compiler.frontend.ServerPlan;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.DockerSecret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts a server's plan, its jobs and its rules together into what it is to run. */
final class Bundles {

    static final String INDEX = "prometheus.yml";
    private static final String WEB = "web.yml";
    private static final String NO_GENERATION = "0000000000000000";

    private Bundles() {}

    static Bundle bundle(ResourceKey server, Inventory inventory, ServerPlan plan, Snapshot snapshot) {
        Dialect dialect = Dialect.of(plan.settings().version(), plan.settings().features());
        boolean agent = plan.settings().agent();
        boolean inline = plan.inline() || !dialect.hasScrapeConfigFiles();
        TreeMap<String, BundleFile> files = new TreeMap<>();
        TreeMap<String, SecretValue> credentials = new TreeMap<>();
        List<String> scrapeFiles = new ArrayList<>();
        List<String> ruleFiles = new ArrayList<>();
        if (!inline) {
            for (BundleFile file : snapshot.jobs().files()) {
                files.put(file.path(), file);
                scrapeFiles.add(file.path());
            }
        }
        scrapeFiles.addAll(plan.scrapeFiles());
        for (BundleFile file : snapshot.rules().files()) {
            files.put(file.path(), file);
            ruleFiles.add(file.path());
        }
        plan.web().ifPresent(web -> {
            if (plan.webHasSecrets()) {
                credentials.put(WEB, web);
            } else {
                files.put(WEB, new BundleFile(WEB, Digest.of(web.reveal()), List.of(web.reveal())));
            }
        });
        credentials.putAll(plan.generated());
        plan.credentials().forEach((path, id) -> inventory.secret(id).ifPresent(value -> credentials.put(path, value)));
        snapshot.credentials()
                .forEach((path, use) -> inventory.secret(use.id()).ifPresent(value -> credentials.put(path, value)));

        TreeMap<String, DockerSecret> mounts = new TreeMap<>(plan.mounts());
        snapshot.mounts().forEach((path, mount) -> mounts.put(path, mount.secret()));

        byte[] unmarked = index(dialect, plan.config(), scrapeFiles, ruleFiles, agent, marker(NO_GENERATION));
        Digest digest = new Digest().add(unmarked);
        files.values().forEach(file -> digest.add(file.path()).add(file.digest()));
        if (inline) {
            snapshot.jobs().files().forEach(file -> digest.add(file.digest()));
        }
        String whole = digest.finish();
        String generation = whole.substring(0, 16);
        List<byte[]> inlined = inline ? inlined(snapshot.jobs(), agent, dialect, marker(generation)) : List.of();
        List<byte[]> chunks = new ArrayList<>(inlined.size() + 1);
        chunks.add(index(dialect, plan.config(), scrapeFiles, ruleFiles, agent, marker(generation)));
        chunks.addAll(inlined);
        return new Bundle(
                server,
                plan.settings().version(),
                generation,
                marker(generation),
                new BundleFile(INDEX, whole, chunks),
                files,
                credentials,
                mounts,
                plan.flags(),
                restartKey(plan, mounts),
                plan.address(),
                plan.retention(),
                snapshot.jobs().index(inline ? Optional.of(INDEX) : Optional.empty()));
    }

    private static String marker(String generation) {
        return "generation-" + generation + "-*.none";
    }

    private static byte[] index(
            Dialect dialect,
            PrometheusConfig config,
            List<String> scrapeFiles,
            List<String> ruleFiles,
            boolean agent,
            String marker) {
        List<String> rules = new ArrayList<>(ruleFiles);
        List<String> scrapes = new ArrayList<>(scrapeFiles);
        if (!agent || !dialect.hasScrapeConfigFiles()) {
            rules.add(marker);
        } else {
            scrapes.add(marker);
        }
        // An agent refuses rule_files; before it knew files of jobs, the marker stands in a job of its own.
        return dialect.render(new PrometheusConfig(
                        config.global(),
                        config.runtime(),
                        config.alerting(),
                        agent ? List.of() : rules,
                        scrapes,
                        config.storage(),
                        config.tracing(),
                        config.remoteWrite(),
                        config.remoteRead(),
                        config.otlp(),
                        List.of()))
                .bytes();
    }

    private static List<byte[]> inlined(JobParts jobs, boolean agent, Dialect dialect, String marker) {
        List<byte[]> jobChunks = jobs.chunks();
        List<byte[]> chunks = new ArrayList<>(jobChunks.size() + 2);
        chunks.add(Dialect.SCRAPE_CONFIGS.getBytes(StandardCharsets.UTF_8));
        if (agent) {
            // A glob of target files that matches none, so a job without targets.
            FileSdConfig files = new FileSdConfig(List.of(marker + ".json"), null);
            chunks.add(dialect.render(ScrapeConfig.builder()
                            .jobName("narthex/generation")
                            .discovery(List.of(files))
                            .build())
                    .bytes());
        }
        chunks.addAll(jobChunks);
        return chunks.size() == 1 ? List.of() : chunks;
    }

    private static String restartKey(ServerPlan plan, SortedMap<String, DockerSecret> mounts) {
        Digest digest = new Digest();
        plan.flags().forEach(digest::add);
        digest.add("");
        plan.startOnly().forEach(digest::add);
        mounts.forEach((path, secret) -> digest.add(path).add(secret.id()));
        return digest.finish();
    }
}
