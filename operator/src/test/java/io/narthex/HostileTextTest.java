package io.narthex;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java's regular expressions try one way after the other, which a hostile text can make take years, or overflow the
 * stack. Each of ours meets texts made of its own words, and may look at each of their characters some times only.
 */
class HostileTextTest {

    private static final int LENGTH = 3_000;
    /** How often each character may be looked at: by all alternatives of an expression, but not by all pairs of characters. */
    private static final int LOOKS = 150;
    /** Long enough to overflow the stack where each character takes a frame. */
    private static final int LONG = 60_000;

    private static final List<String> PIECES = List.of(
            "a", "A", "0", "_", " ", "-", ".", ":", "/", "\"", "'", "\\", "$", "{", "}", "@", "\n", "=", "~", "$a",
            "a$a", "${a-", "{{ ", "- ", ": ", "a: ", "://", ":a", "\\\"", "a.", "a=", "\n\n", "AA ", " .");

    private static final Set<String> SEARCHES = Set.of("find", "results", "replaceAll", "replaceFirst", "lookingAt");

    /** A text that counts how often it is looked at. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long left;

        private Counted(String text, long left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (left-- == 0) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** An expression, and whether texts are searched for it; else it is only tried on whole texts. */
    record Used(Pattern pattern, boolean searches) {}

    static Stream<Map.Entry<String, Used>> patterns() throws ReflectiveOperationException {
        Map<String, Used> found = new TreeMap<>();
        for (JavaClass one : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.narthex")) {
            if (one.getMethodCallsFromSelf().stream()
                    .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Pattern.class))) {
                boolean searches = one.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Matcher.class)
                                && SEARCHES.contains(call.getName()));
                for (Field field : one.reflect().getDeclaredFields()) {
                    if (Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        collect(
                                one.getName().substring("io.narthex.".length()) + "." + field.getName(),
                                field.get(null),
                                searches || !Modifier.isPrivate(field.getModifiers()),
                                found);
                    }
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(60);
        return found.entrySet().stream();
    }

    private static void collect(String name, Object value, boolean searches, Map<String, Used> found)
            throws ReflectiveOperationException {
        if (value instanceof Pattern pattern) {
            found.put(name, new Used(pattern, searches));
        } else if (value instanceof Collection<?> many) {
            int i = 0;
            for (Object one : many) {
                collect(name + "[" + i++ + "]", one, searches, found);
            }
        } else if (value instanceof Record one && one.getClass().getName().startsWith("io.narthex.")) {
            for (RecordComponent part : one.getClass().getRecordComponents()) {
                part.getAccessor().setAccessible(true);
                collect(name + "." + part.getName(), part.getAccessor().invoke(one), searches, found);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void noTextTakesMoreThanItsLength(Map.Entry<String, Used> entry) {
        Used used = entry.getValue();
        Pattern pattern = used.pattern();
        Set<String> own = words(pattern.pattern());
        Set<String> starts = new LinkedHashSet<>(own);
        starts.add("");
        Set<String> pieces = new LinkedHashSet<>(PIECES);
        pieces.addAll(own);
        List<String> wrong = new ArrayList<>();
        for (String piece : pieces) {
            for (String start : starts) {
                wrong.addAll(look(used, start, piece, LENGTH));
            }
            wrong.addAll(look(used, "\"", piece, LONG));
        }
        assertThat(wrong).as("%s = %s", entry.getKey(), pattern).isEmpty();
    }

    private static List<String> look(Used used, String start, String piece, int length) {
        String text = start + piece.repeat(length / piece.length()) + "\u0000!";
        Counted counted = new Counted(text, (long) LOOKS * text.length());
        try {
            Matcher matcher = used.pattern().matcher(counted);
            while (used.searches() && matcher.find()) {
                // The next one begins behind it.
            }
            matcher.matches();
            return List.of();
        } catch (TooLong e) {
            return List.of(start + "(" + piece + ")*");
        } catch (StackOverflowError e) {
            return List.of("too deep: " + start + "(" + piece + ")*");
        }
    }

    /** The words that stand in an expression. */
    private static Set<String> words(String expression) {
        return new LinkedHashSet<>(Arrays.stream(expression
                        .replaceAll("\\\\[A-Za-z]|\\[[^\\]]*\\]|\\{[0-9,]+\\}|\\(\\?[^)a-z]*", "\n")
                        .replaceAll("[()|?*+^$]", "\n")
                        .replace("\\", "")
                        .split("\n", -1))
                .filter(word -> !word.isEmpty())
                .limit(30)
                .toList());
    }
}
