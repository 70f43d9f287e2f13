package io.narthex.compiler.yaml;

import io.narthex.compiler.model.DiagnosticCode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file's characters and where its lines begin. Lines end as in YAML 1.2: at LF, CR LF or CR. */
final class SourceText {

    /** Of the characters that are not allowed in a text only so many are reported. */
    private static final int MOST_BAD_CHARACTERS = 20;
    /** How many bytes are looked at to tell a binary file from a text with a flaw. */
    private static final int SAMPLE = 8192;

    private static final char BOM = '\uFEFF';

    private final String text;
    private final int[] lineStarts;
    /** The line that was measured last; a text is used by one thread. */
    private int measuredLine;

    private int measuredLength;
    private int measuredText;

    private SourceText(String text) {
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    /** Returns the text that {@code content} holds; null, with the problem reported, where it holds none. */
    static @Nullable SourceText of(byte[] content, Problems problems) {
        String encoding = otherEncoding(content);
        if (encoding != null) {
            problems.addForFile(
                    DiagnosticCode.FILE_NOT_UTF8,
                    "the file is encoded in " + encoding,
                    "UTF-8",
                    "save it as UTF-8 without a byte order mark");
            return null;
        }
        String binary = binary(content);
        if (binary != null) {
            problems.addForFile(
                    DiagnosticCode.FILE_NOT_TEXT,
                    "the file is binary (" + binary + ")",
                    "YAML text in UTF-8",
                    "rename it so that it ends neither in .yaml nor .yml, or move it elsewhere");
            return null;
        }
        int start = content.length >= 3
                        && content[0] == (byte) 0xEF
                        && content[1] == (byte) 0xBB
                        && content[2] == (byte) 0xBF
                ? 3
                : 0;
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content, start, content.length - start);
        CharBuffer out = CharBuffer.allocate(content.length - start);
        CoderResult result = decoder.decode(in, out, true);
        String decoded = out.flip().toString();
        if (result.isError()) {
            int bad = content[in.position()] & 0xFF;
            SourceText before = new SourceText(decoded);
            Span end = before.end();
            problems.add(
                    DiagnosticCode.FILE_NOT_UTF8,
                    end,
                    String.format(Locale.ROOT, "byte 0x%02x is not valid UTF-8", bad),
                    "UTF-8",
                    bad >= 0xA0
                            ? "save the file as UTF-8 (in ISO 8859-1 the byte is "
                                    + Shown.quoted(Character.toString(bad)) + ")"
                            : "save the file as UTF-8");
            return null;
        }
        return new SourceText(decoded);
    }

    private static @Nullable String otherEncoding(byte[] content) {
        if (startsWith(content, 0xFF, 0xFE, 0, 0) || startsWith(content, 0, 0, 0xFE, 0xFF)) {
            return "UTF-32";
        }
        if (startsWith(content, 0xFF, 0xFE) || startsWith(content, 0xFE, 0xFF)) {
            return "UTF-16";
        }
        // ASCII letters in UTF-16: every other byte is 0.
        int sample = Math.min(content.length, SAMPLE) & ~1;
        if (sample < 4) {
            return null;
        }
        int[] zeros = new int[2];
        for (int i = 0; i < sample; i++) {
            if (content[i] == 0) {
                zeros[i & 1]++;
            }
        }
        int pairs = sample / 2;
        boolean littleEndian = zeros[1] > pairs * 0.8 && zeros[0] < pairs * 0.1;
        boolean bigEndian = zeros[0] > pairs * 0.8 && zeros[1] < pairs * 0.1;
        return littleEndian || bigEndian ? "UTF-16" : null;
    }

    private static @Nullable String binary(byte[] content) {
        if (startsWith(content, 0x1F, 0x8B)) {
            return "gzip";
        }
        if (startsWith(content, 'P', 'K', 3, 4)) {
            return "a zip archive";
        }
        if (startsWith(content, 0x7F, 'E', 'L', 'F')) {
            return "a program";
        }
        if (startsWith(content, 0x89, 'P', 'N', 'G') || startsWith(content, 0xFF, 0xD8, 0xFF)) {
            return "an image";
        }
        if (startsWith(content, '%', 'P', 'D', 'F', '-')) {
            return "PDF";
        }
        int sample = Math.min(content.length, SAMPLE);
        int odd = 0;
        for (int i = 0; i < sample; i++) {
            int b = content[i] & 0xFF;
            if (b < 0x20 && b != '\n' && b != '\r' && b != '\t') {
                odd++;
            }
        }
        return odd > 8 && odd > sample / 10 ? "control bytes throughout" : null;
    }

    private static boolean startsWith(byte[] content, int... prefix) {
        if (content.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (content[i] != (byte) prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[Math.max(16, text.length() / 24)];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    String text() {
        return text;
    }

    int lineCount() {
        return lineStarts.length;
    }

    /** Returns the offset in {@link #text()} at which {@code line} (from 1) begins; the text's end for a later line. */
    int lineStart(int line) {
        return line > lineStarts.length ? text.length() : lineStarts[line - 1];
    }

    /** Returns {@code line} (from 1) without its line break; empty for one that isn't there. */
    String line(int line) {
        if (line < 1 || line > lineStarts.length) {
            return "";
        }
        int from = lineStart(line);
        int to = lineStart(line + 1);
        while (to > from && (text.charAt(to - 1) == '\n' || text.charAt(to - 1) == '\r')) {
            to--;
        }
        return text.substring(from, to);
    }

    /**
     * Returns the span from one place up to another, of which only the first line counts, cut where the line ends. A
     * place just behind a line's last character is allowed, as the place of something missing.
     *
     * @param line the first line, from 1
     * @param column the first column in code points, from 1
     * @param endLine the line where it ends
     * @param endColumn the column behind the last, counted in code points
     */
    Span span(int line, int column, int endLine, int endColumn) {
        int lastLine = Math.clamp(line, 1, lineStarts.length);
        measure(lastLine);
        int from = lastLine == line ? Math.clamp(column, 1, measuredLength + 1) : measuredLength + 1;
        // Of what goes on in the next line, the blanks that trail on this one aren't meant.
        int to = endLine > lastLine ? Math.max(from + 1, measuredText + 1) : endColumn;
        return new Span(lastLine, from, Math.max(1, Math.min(to, measuredLength + 1) - from));
    }

    /** Counts the code points of a line, and those before the blanks at its end; once for all places of a long line. */
    private void measure(int line) {
        if (line == measuredLine) {
            return;
        }
        String content = line(line);
        String stripped = content.stripTrailing();
        measuredLine = line;
        measuredLength = content.codePointCount(0, content.length());
        measuredText = stripped.codePointCount(0, stripped.length());
    }

    /** Returns the place behind the last character. */
    Span end() {
        String last = line(lineStarts.length);
        return new Span(lineStarts.length, last.codePointCount(0, last.length()) + 1, 1);
    }

    private Span at(int offset) {
        int line = Arrays.binarySearch(lineStarts, offset);
        line = line >= 0 ? line : -line - 2;
        return new Span(line + 1, text.codePointCount(lineStarts[line], offset) + 1, 1);
    }

    /**
     * Reports characters that YAML forbids, and those that make a text look other than it is.
     *
     * @return the lines that hold one, ascending
     */
    List<Integer> reportBadCharacters(Problems problems) {
        List<Integer> lines = new ArrayList<>();
        for (int i = 0; i < text.length() && lines.size() < MOST_BAD_CHARACTERS; i++) {
            char c = text.charAt(i);
            if ((c >= ' ' && c < 0x7F) || c == '\n' || c == '\t' || c == '\r') {
                continue;
            }
            Optional<String> name = badCharacter(c);
            if (name.isEmpty()) {
                continue;
            }
            Span span = at(i);
            lines.add(span.line());
            if (c == BOM || isDirectionControl(c)) {
                problems.add(
                        DiagnosticCode.HIDDEN_CHARACTER,
                        span,
                        "the hidden character " + Shown.escape(c) + " (" + name.get() + ") stands here",
                        "",
                        c == BOM
                                ? "delete it; it often gets here when files are joined"
                                : "delete it, or write it as " + Shown.escape(c) + " inside double quotes");
            } else {
                problems.add(
                        DiagnosticCode.CONTROL_CHARACTER,
                        span,
                        "the control character " + Shown.escape(c) + " (" + name.get() + ") stands here",
                        "printable characters, tabs, line breaks",
                        "delete it, or write it as " + Shown.escape(c) + " inside double quotes");
            }
        }
        return lines;
    }

    private static Optional<String> badCharacter(char c) {
        if (c == BOM) {
            return Optional.of("byte order mark");
        }
        if (isDirectionControl(c)) {
            return Optional.of("changes the direction of writing");
        }
        if (c == 0) {
            return Optional.of("NUL");
        }
        boolean forbidden = c < ' ' || (c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xFFFE || c == 0xFFFF;
        return forbidden ? Optional.of(c == 0x1B ? "escape" : "not printable") : Optional.empty();
    }

    /** Returns whether {@code c} reorders the characters after it on screen, so that code can look like other code. */
    private static boolean isDirectionControl(char c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
