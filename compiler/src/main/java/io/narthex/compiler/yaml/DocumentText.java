package io.narthex.compiler.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * One document of a file with several. Cut out before anything is parsed, so that a syntax error in one document
 * leaves the others readable; YAML allows the markers nowhere but between documents.
 *
 * @param firstLine the line of the file where it begins, from 1
 * @param lastLine the line of the file where it ends
 * @param text its text, markers and directives included
 */
record DocumentText(int firstLine, int lastLine, String text) {

    /** Returns the documents of {@code source} that hold more than blanks and comments. */
    static List<DocumentText> split(SourceText source) {
        List<DocumentText> documents = new ArrayList<>();
        int first = 1;
        boolean marked = false;
        boolean filled = false;
        for (int line = 1; line <= source.lineCount(); line++) {
            int from = source.lineStart(line);
            int to = source.lineStart(line + 1);
            boolean start = isMarker(source.text(), from, to, "---");
            boolean end = !start && isMarker(source.text(), from, to, "...");
            if ((start && (marked || filled)) || end) {
                if (filled) {
                    documents.add(cut(source, first, end ? line : line - 1));
                }
                first = end ? line + 1 : line;
                filled = false;
            }
            if (start) {
                filled = !isBlank(source.text(), from + 3, to);
            } else if (!end && !filled) {
                filled = !isBlank(source.text(), from, to);
            }
            marked = start || (marked && !end);
        }
        if (filled) {
            documents.add(cut(source, first, source.lineCount()));
        }
        return documents;
    }

    private static DocumentText cut(SourceText source, int first, int last) {
        return new DocumentText(
                first, last, source.text().substring(source.lineStart(first), source.lineStart(last + 1)));
    }

    private static boolean isMarker(String text, int from, int to, String marker) {
        if (!text.startsWith(marker, from)) {
            return false;
        }
        int behind = from + marker.length();
        return behind >= to || Character.isWhitespace(text.charAt(behind));
    }

    /** Returns whether a line holds nothing, a comment or a directive. */
    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '#' || (c == '%' && i == from && (i == 0 || text.charAt(i - 1) == '\n'))) {
                return true;
            }
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }
}
