package io.narthex.api.generate;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The documentation comments of the types in a folder of sources, as plain text with code in backticks. */
final class Javadocs {
    private final Map<String, TypeDoc> types;

    private Javadocs(Map<String, TypeDoc> types) {
        this.types = types;
    }

    /**
     * What the comments say of one type.
     *
     * @param text the type's own description
     * @param members the descriptions of a record's components, or of an enum's constants, by name
     */
    record TypeDoc(String text, Map<String, String> members) {}

    /** Reads the sources that lie in {@code folder} itself. */
    static Javadocs read(Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> listed = Files.list(folder)) {
            List<Path> sources = listed.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            Reader reader = new Reader(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                reader.scan(unit, null);
            }
            return new Javadocs(reader.types);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the comments say of {@code type}; it must have one. */
    TypeDoc of(Class<?> type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        TypeDoc doc = types.get(name);
        if (doc == null || doc.text().isEmpty()) {
            throw new IllegalStateException(name + " has no Javadoc");
        }
        return doc;
    }

    /** What the comments say of a member of {@code type}; there must be something. */
    String of(Class<?> type, String member) {
        String text = of(type).members().get(member);
        if (text == null || text.isEmpty()) {
            throw new IllegalStateException(type.getSimpleName() + "." + member + " has no Javadoc");
        }
        return text;
    }

    private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Map<String, TypeDoc> types = new HashMap<>();
        private final Deque<String> nesting = new ArrayDeque<>();
        private final DocTrees docs;

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            nesting.addLast(type.getSimpleName().toString());
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            Map<String, String> members = new HashMap<>();
            if (comment != null) {
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param && !param.isTypeParameter()) {
                        members.put(param.getName().toString(), text(param.getDescription()));
                    }
                }
            }
            types.put(
                    String.join("$", nesting),
                    new TypeDoc(comment == null ? "" : text(comment.getFullBody()), members));
            super.visitClass(type, null);
            nesting.removeLast();
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, @Nullable Void unused) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            TypeDoc owner = types.get(String.join("$", nesting));
            if (comment != null && owner != null) {
                owner.members().putIfAbsent(variable.getName().toString(), text(comment.getFullBody()));
            }
            return super.visitVariable(variable, null);
        }

        private static String text(List<? extends DocTree> trees) {
            return trees.stream()
                    .map(Reader::text)
                    .collect(Collectors.joining())
                    .replaceAll("\\s+", " ")
                    .strip();
        }

        private static String text(DocTree tree) {
            return switch (tree) {
                case TextTree text -> text.getBody();
                case LiteralTree literal -> "`" + literal.getBody().getBody().strip() + "`";
                case EntityTree entity -> "&" + entity.getName() + ";";
                case LinkTree link ->
                    link.getLabel().isEmpty() ? "`" + link.getReference().getSignature() + "`" : text(link.getLabel());
                default ->
                    throw new IllegalArgumentException("a description can't hold " + tree.getKind() + ": " + tree);
            };
        }
    }
}
