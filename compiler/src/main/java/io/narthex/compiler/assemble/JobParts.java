package io.narthex.compiler.assemble;

import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.JobIndex;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All scrape jobs of a server, divided among 64 parts by a stable hash of their names. Immutable; a change makes one
 * part anew and shares the others.
 *
 * <p>There are always 64 parts, of which those without a job make no file. So their number never grows: a job stays in
 * its part for life, and no change moves the others. 64 parts of 512 KiB hold some 50,000 simple jobs. Where a part
 * gets too large all the same, the namespace that has most in it goes without its largest jobs until the others fit.
 */
public final class JobParts {

    /** How many parts there are. */
    public static final int COUNT = 64;

    /** The largest size of a part's file in bytes. */
    public static final int MAX_BYTES = 512 * 1024;

    private static final byte[] HEAD = "scrape_configs:\n".getBytes(StandardCharsets.UTF_8);
    private static final Comparator<JobPiece> BY_NAME = Comparator.comparing(JobPiece::name);
    private static final FairRoom<JobPiece> ROOM =
            new FairRoom<>(piece -> piece.resource().namespace(), JobPiece::size, BY_NAME);

    /** No jobs. */
    public static final JobParts EMPTY = new JobParts(emptyParts(), 0);

    private static final class Part {

        private final List<JobPiece> pieces;
        private final List<JobPiece> leftOut;
        private final @Nullable BundleFile file;
        private final List<byte[]> chunks;

        private Part(int number, List<JobPiece> all) {
            this.leftOut = ROOM.leftOut(all, MAX_BYTES - HEAD.length);
            this.pieces = leftOut.isEmpty() ? all : without(all, leftOut);
            List<byte[]> contents = new ArrayList<>(pieces.size());
            for (JobPiece piece : pieces) {
                contents.add(piece.content());
            }
            this.chunks = List.copyOf(contents);
            this.file = pieces.isEmpty() ? null : file(number);
        }

        private BundleFile file(int number) {
            Digest digest = new Digest();
            List<byte[]> whole = new ArrayList<>(chunks.size() + 1);
            whole.add(HEAD);
            whole.addAll(chunks);
            for (JobPiece piece : pieces) {
                digest.addDigest(piece.digest());
            }
            String name = digest.finish();
            return new BundleFile(
                    String.format(Locale.ROOT, "jobs-%02d-%s.yml", number, name.substring(0, 16)), name, whole);
        }

        private static List<JobPiece> without(List<JobPiece> all, List<JobPiece> some) {
            Set<JobPiece> gone = new HashSet<>(some);
            return all.stream().filter(piece -> !gone.contains(piece)).toList();
        }

        private Optional<JobPiece> find(String name) {
            int low = 0;
            int high = pieces.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = pieces.get(middle).name().compareTo(name);
                if (order == 0) {
                    return Optional.of(pieces.get(middle));
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return Optional.empty();
        }

        private List<JobPiece> all() {
            if (leftOut.isEmpty()) {
                return pieces;
            }
            List<JobPiece> all = new ArrayList<>(pieces);
            all.addAll(leftOut);
            return all;
        }
    }

    private final Part[] parts;
    private final int size;

    private JobParts(Part[] parts, int size) {
        this.parts = parts;
        this.size = size;
    }

    private static Part[] emptyParts() {
        Part[] none = new Part[COUNT];
        Arrays.setAll(none, number -> new Part(number, List.of()));
        return none;
    }

    /**
     * Returns the jobs without those named {@code removed} and with those {@code added}, which replace others of their
     * names.
     */
    public JobParts change(Collection<String> removed, Collection<JobPiece> added) {
        if (removed.isEmpty() && added.isEmpty()) {
            return this;
        }
        Map<Integer, Set<String>> gone = new HashMap<>();
        Map<Integer, Map<String, JobPiece>> come = new HashMap<>();
        removed.forEach(name ->
                gone.computeIfAbsent(number(name), number -> new HashSet<>()).add(name));
        for (JobPiece piece : added) {
            int part = number(piece.name());
            gone.computeIfAbsent(part, number -> new HashSet<>()).add(piece.name());
            come.computeIfAbsent(part, number -> new TreeMap<>()).put(piece.name(), piece);
        }
        Part[] changed = parts.clone();
        gone.forEach((number, names) -> changed[number] = changed(number, names, come.getOrDefault(number, Map.of())));
        int count = 0;
        for (Part part : changed) {
            count += part.pieces.size();
        }
        return new JobParts(changed, count);
    }

    private Part changed(int number, Set<String> gone, Map<String, JobPiece> come) {
        List<JobPiece> pieces = new ArrayList<>(parts[number].pieces.size() + come.size());
        for (JobPiece piece : parts[number].all()) {
            if (!gone.contains(piece.name())) {
                pieces.add(piece);
            }
        }
        pieces.addAll(come.values());
        pieces.sort(BY_NAME);
        return new Part(number, List.copyOf(pieces));
    }

    private static int number(String name) {
        return (int) (Digest.hash(name) & COUNT - 1);
    }

    /** Returns the parts' files, ordered by path. */
    public List<BundleFile> files() {
        List<BundleFile> files = new ArrayList<>(COUNT);
        for (Part part : parts) {
            if (part.file != null) {
                files.add(part.file);
            }
        }
        return files;
    }

    /** Returns all jobs' contents, for a Prometheus that reads them from its one file. */
    public List<byte[]> chunks() {
        List<byte[]> chunks = new ArrayList<>(size);
        for (Part part : parts) {
            chunks.addAll(part.chunks);
        }
        return chunks;
    }

    /** Returns the jobs that no longer fit into their parts. */
    public List<JobPiece> leftOut() {
        List<JobPiece> out = new ArrayList<>();
        for (Part part : parts) {
            out.addAll(part.leftOut);
        }
        return out;
    }

    /** Returns how many bytes all jobs take. */
    public long bytes() {
        long bytes = 0;
        for (Part part : parts) {
            for (byte[] chunk : part.chunks) {
                bytes += chunk.length;
            }
        }
        return bytes;
    }

    /** Returns the line, from 1, on which the job {@code name} begins in the file of its part; 0 where it has none. */
    public int line(String name) {
        int line = 2;
        for (JobPiece piece : parts[number(name)].pieces) {
            if (piece.name().equals(name)) {
                return line;
            }
            for (byte b : piece.content()) {
                line += b == '\n' ? 1 : 0;
            }
        }
        return 0;
    }

    /** Returns the line, from 1, on which the job {@code name} begins in a file that holds all jobs; 0 for none. */
    public int inlineLine(String name, BundleFile whole) {
        byte @Nullable [] wanted =
                parts[number(name)].find(name).map(JobPiece::content).orElse(null);
        int line = 1;
        for (byte[] chunk : whole.chunks()) {
            if (Arrays.equals(chunk, wanted)) {
                return line;
            }
            for (byte b : chunk) {
                line += b == '\n' ? 1 : 0;
            }
        }
        return 0;
    }

    /**
     * Returns the jobs' index.
     *
     * @param inline the file that holds all jobs; empty where each stands in the file of its part
     */
    public JobIndex index(Optional<String> inline) {
        return new JobIndex() {

            @Override
            public Optional<JobEntry> find(String name) {
                Part part = parts[number(name)];
                return part.find(name).map(piece -> entry(part, piece));
            }

            @Override
            public Stream<JobEntry> all() {
                return Arrays.stream(parts)
                        .flatMap(part -> part.pieces.stream().map(piece -> entry(part, piece)))
                        .sorted(Comparator.comparing(JobEntry::name));
            }

            @Override
            public int size() {
                return size;
            }

            private JobEntry entry(Part part, JobPiece piece) {
                return piece.entry(inline.orElseGet(() -> part.file == null ? "" : part.file.path()));
            }
        };
    }
}
