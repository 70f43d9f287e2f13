import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleParameterAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars without what a run can't come to: {@code SlimJars FROM TO ROOT}.
 *
 * <p>A class stays where it is of ROOT's package, or is named anywhere in a class that stays: as a class, in a signature or an
 * annotation, or in a string that holds its name. Providers of a service stay with the service, and what a configuration
 * file names stays too. So a reference that the virtual machine resolves always finds its class; what a class makes up at
 * run time out of parts of names is listed in {@link #related}.
 *
 * <p>Of the classes that stay the names of local variables go (those of lines stay, for stack traces), and the annotations
 * that nobody sees at run time. Both jars and start-up cache are smaller without.
 */
class SlimJars {

    private static final Pattern NAME = Pattern.compile("[\\p{Alpha}_$][\\w$-]*(?:[./][\\w$-]+)+");
    private static final Pattern VERSION = Pattern.compile("META-INF/versions/(\\d+)/(.+)");
    private static final String SERVICES = "META-INF/services/";
    /** Descriptions of modules, of Maven's build, indexes for other tools, and signatures, which a changed jar hasn't. */
    private static final Pattern UNUSED = Pattern.compile(
            "(?:.*/)?module-info\\.class|META-INF/(?:maven|native-image|proguard)/.*|META-INF/jandex\\.idx"
                    + "|META-INF/[^/]*\\.(?:SF|RSA|DSA|EC)|META-INF/versions/.*/OSGI-INF/.*");

    /** Of each jar, by the file's name: the entries, by their names. */
    private final Map<Path, Map<String, byte[]>> jars = new TreeMap<>();

    private final Map<String, ClassModel> originals = new HashMap<>();
    private final Map<String, byte[]> classes = new HashMap<>();
    private final Map<String, List<String>> providers = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Deque<String> unread = new ArrayDeque<>();

    private final ClassFile reader = ClassFile.of();
    private final ClassFile writer = ClassFile.of(
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.defaultResolver()
                    .orElse(ClassHierarchyResolver.ofResourceParsing(this::open))));

    static void main(String[] args) throws IOException {
        SlimJars slim = new SlimJars();
        Path from = Path.of(args[0]);
        slim.read(from);
        slim.originals.forEach((name, model) -> slim.classes.put(name, slim.rewritten(model)));
        slim.follow(args[2].replace('.', '/') + '/');
        slim.write(from, Path.of(args[1]));
    }

    private InputStream open(ClassDesc type) {
        String name = type.descriptorString();
        ClassModel found = originals.get(name.substring(1, name.length() - 1));
        return found == null ? null : new ByteArrayInputStream(reader.transformClass(found, ClassTransform.ACCEPT_ALL));
    }

    private void read(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.filter(path -> path.toString().endsWith(".jar"))::iterator) {
                jars.put(file, entries(file));
            }
        }
        jars.values().forEach(entries -> entries.forEach((name, bytes) -> {
            if (name.endsWith(".class")) {
                originals.putIfAbsent(name.substring(0, name.length() - ".class".length()), reader.parse(bytes));
            } else if (name.startsWith(SERVICES)) {
                List<String> named = providers.computeIfAbsent(
                        name.substring(SERVICES.length()).replace('.', '/'), service -> new ArrayList<>());
                new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceAll("#.*", "").strip().replace('.', '/'))
                        .forEach(named::add);
            }
        }));
    }

    /** Returns what this Java sees of a jar: of several versions of a class the newest that it takes. */
    private static Map<String, byte[]> entries(Path jar) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        Map<String, Integer> versions = new HashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.isDirectory() || UNUSED.matcher(entry.getName()).matches()) {
                    continue;
                }
                Matcher versioned = VERSION.matcher(entry.getName());
                String name = versioned.matches() ? versioned.group(2) : entry.getName();
                int version = versioned.matches() ? Integer.parseInt(versioned.group(1)) : 0;
                if (version <= Runtime.version().feature() && version >= versions.getOrDefault(name, 0)) {
                    versions.put(name, version);
                    entries.put(name, zip.getInputStream(entry).readAllBytes());
                }
            }
        }
        return entries;
    }

    private byte[] rewritten(ClassModel model) {
        CodeTransform code = (builder, element) -> {
            if (!(element instanceof LocalVariable
                    || element instanceof LocalVariableType
                    || element instanceof RuntimeInvisibleTypeAnnotationsAttribute)) {
                builder.with(element);
            }
        };
        MethodTransform method = MethodTransform.dropping(element -> element instanceof RuntimeInvisibleAnnotationsAttribute
                        || element instanceof RuntimeInvisibleParameterAnnotationsAttribute
                        || element instanceof RuntimeInvisibleTypeAnnotationsAttribute)
                .andThen(MethodTransform.transformingCode(code));
        FieldTransform field = FieldTransform.dropping(element -> element instanceof RuntimeInvisibleAnnotationsAttribute
                || element instanceof RuntimeInvisibleTypeAnnotationsAttribute);
        ClassTransform type = ClassTransform.dropping(element -> element instanceof RuntimeInvisibleAnnotationsAttribute
                        || element instanceof RuntimeInvisibleTypeAnnotationsAttribute)
                .andThen(ClassTransform.transformingMethods(method))
                .andThen(ClassTransform.transformingFields(field));
        try {
            return writer.transformClass(model, type);
        } catch (IllegalArgumentException e) {
            // It uses a library that isn't there, so its frames can't be worked out anew, and nobody can use it.
            return reader.transformClass(model, ClassTransform.ACCEPT_ALL);
        }
    }

    private void follow(String root) {
        classes.keySet().stream().filter(name -> name.startsWith(root)).forEach(this::keep);
        providers.forEach((service, named) -> {
            if (!classes.containsKey(service)) {
                named.forEach(this::keep);
            }
        });
        jars.values().forEach(entries -> entries.forEach((name, bytes) -> {
            if (name.matches(".*\\.(?:xml|properties|factories)")) {
                keepNamed(new String(bytes, StandardCharsets.UTF_8));
            }
        }));
        while (!unread.isEmpty()) {
            String name = unread.poll();
            providers.getOrDefault(name, List.of()).forEach(this::keep);
            related(name).forEach(this::keep);
            for (PoolEntry entry : reader.parse(classes.get(name)).constantPool()) {
                if (entry instanceof Utf8Entry text) {
                    keepNamed(text.stringValue());
                }
            }
        }
    }

    /** What is found by a name that is put together: the client of Kubernetes looks for the list of a kind. */
    private static List<String> related(String name) {
        return name.startsWith("io/fabric8/kubernetes/api/model/") ? List.of(name + "List") : List.of();
    }

    private void keepNamed(String text) {
        keep(text);
        for (int start = text.indexOf('L'); start >= 0; start = text.indexOf('L', start + 1)) {
            int end = start + 1;
            while (end < text.length() && ";<".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            keep(text.substring(start + 1, end));
        }
        Matcher names = NAME.matcher(text);
        while (names.find()) {
            keep(names.group().replace('.', '/'));
        }
    }

    private void keep(String name) {
        if (classes.containsKey(name) && kept.add(name)) {
            unread.add(name);
        }
    }

    private void write(Path from, Path to) {
        jars.forEach((file, entries) -> {
            Path copy = to.resolve(from.relativize(file));
            try {
                Files.createDirectories(copy.getParent());
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy));
                        ZipOutputStream zip = new ZipOutputStream(out)) {
                    zip.setLevel(9);
                    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                        byte[] bytes = copied(entry.getKey(), entry.getValue());
                        if (bytes != null) {
                            ZipEntry written = new ZipEntry(entry.getKey());
                            written.setTime(0);
                            zip.putNextEntry(written);
                            zip.write(bytes);
                            zip.closeEntry();
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        System.out.println(kept.size() + " of " + classes.size() + " classes");
    }

    /** Returns what the copy has for an entry; null for nothing. */
    private byte[] copied(String name, byte[] bytes) throws IOException {
        if (name.equals("META-INF/MANIFEST.MF")) {
            // Without the digests of a signature, and without a promise of other versions.
            Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
            manifest.getEntries().values().removeIf(entry -> entry.keySet().stream().allMatch(key -> key.toString().endsWith("-Digest")));
            manifest.getMainAttributes().remove(new Name("Multi-Release"));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            manifest.write(out);
            return out.toByteArray();
        }
        if (!name.endsWith(".class")) {
            return bytes;
        }
        String type = name.substring(0, name.length() - ".class".length());
        return kept.contains(type) ? classes.get(type) : null;
    }
}
