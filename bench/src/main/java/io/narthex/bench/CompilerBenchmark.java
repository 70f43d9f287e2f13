package io.narthex.bench;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What it costs to compile all Monitors at once, and to compile again after one of them changed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-Xmx2g"})
public class CompilerBenchmark {

    private static final CompileOptions OPTIONS = CompileOptions.local(
            PrometheusVersion.NEWEST_KNOWN, new Layout("/var/lib/narthex/config", "/var/lib/narthex/data"));

    /** How many Monitors there are. */
    @Param({"10", "100", "1000", "10000"})
    public int monitors;

    private Inventory inventory = Inventory.EMPTY;
    private Compiler warm = Compiler.create();
    private final List<Declared<?>> changes = new ArrayList<>();
    private int next;

    /** Prepares the Monitors, a compiler that knows them, and changes to come. */
    @Setup
    public void prepare() {
        inventory = Inventories.of(monitors);
        warm = Compiler.create();
        warm.compile(inventory, DefaultServer.KEY, OPTIONS);
        // Round after round each of these Monitors gets the version that it doesn't have: every one is a change.
        for (int version = 1; version <= 2; version++) {
            for (int i = 0; i < Math.min(monitors, 500); i++) {
                changes.add(Inventories.monitor(i * (monitors / Math.min(monitors, 500)), version));
            }
        }
    }

    /** Compiles everything with a compiler that knows nothing yet. */
    @Benchmark
    public Compilation cold() {
        return Compiler.create().compile(inventory, DefaultServer.KEY, OPTIONS);
    }

    /** Compiles after one Monitor changed. */
    @Benchmark
    public Compilation oneChange() {
        inventory = inventory.with(changes.get(next));
        next = (next + 1) % changes.size();
        return warm.compile(inventory, DefaultServer.KEY, OPTIONS);
    }

    /** Runs all and prints one line a figure. */
    public static void main(String[] args) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(CompilerBenchmark.class.getSimpleName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        System.out.println();
        for (RunResult result : results) {
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            System.out.printf(
                    Locale.ROOT,
                    "compiler %-9s %6s monitors: %12.1f us, %12.0f bytes allocated%n",
                    result.getParams().getBenchmark().replaceAll(".*\\.", ""),
                    result.getParams().getParam("monitors"),
                    result.getPrimaryResult().getScore(),
                    allocated == null ? Double.NaN : allocated.getScore());
        }
        first();
    }

    /** The benchmarks ran in JVMs of their own: this one hasn't compiled anything yet, like one just started. */
    private static void first() {
        int count = 10_000;
        Inventory inventory = Inventories.of(count);
        long start = System.nanoTime();
        Bundle bundle = Compiler.create()
                .compile(inventory, DefaultServer.KEY, OPTIONS)
                .bundle()
                .orElseThrow();
        long micros = (System.nanoTime() - start) / 1_000;
        long bytes = bundle.index().size()
                + bundle.files().values().stream()
                        .mapToLong(file -> file.size())
                        .sum();
        System.out.printf(
                Locale.ROOT, "compiler first     %6d monitors: %12d us, in a JVM just started%n", count, micros);
        System.out.printf(
                Locale.ROOT,
                "compiler config    %6d monitors: %12d bytes in %d files, %d bytes a monitor%n",
                count,
                bytes,
                bundle.files().size() + 1,
                bytes / count);
    }
}
