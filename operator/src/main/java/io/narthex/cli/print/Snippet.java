package io.narthex.cli.print;

import java.util.ArrayList;
import java.util.List;

/**
 * A source line with the part that is meant, as it looks on a terminal: tabs and control characters made visible, cut
 * around the meant part where it is long.
 *
 * @param line the line to print
 * @param indent the columns before the meant part
 * @param marks the columns that the meant part takes; at least 1
 */
record Snippet(String line, int indent, int marks) {

    private static final String CUT = "...";

    /**
     * Returns the snippet of {@code source} with {@code length} code points from {@code column} (from 1) meant.
     *
     * @param width the columns that the line may take
     */
    static Snippet of(String source, int column, int length, int width) {
        int[] codePoints = source.codePoints().toArray();
        List<String> cells = new ArrayList<>(codePoints.length);
        int[] starts = new int[codePoints.length + 1];
        for (int i = 0; i < codePoints.length; i++) {
            String cell = Visible.of(codePoints[i]);
            cells.add(cell);
            starts[i + 1] = starts[i] + CharWidth.of(cell);
        }
        int from = Math.min(column - 1, codePoints.length);
        int to = Math.min(from + length, codePoints.length);
        int first = 0;
        int last = codePoints.length;
        if (starts[last] > width) {
            // A third of the room before the meant part, so that its context is seen on both sides.
            int room = Math.max(8, width - 2 * CUT.length());
            int left = Math.max(0, Math.min(starts[from] - room / 3, starts[last] - room));
            while (starts[first] < left) {
                first++;
            }
            while (starts[last] - starts[first] > room && last > first) {
                last--;
            }
        }
        String head = first > 0 ? CUT : "";
        String tail = last < codePoints.length ? CUT : "";
        String shown = head + String.join("", cells.subList(first, last)) + tail;
        int indent = head.length() + starts[from] - starts[first];
        int marks = Math.max(1, starts[Math.min(to, Math.max(from, last))] - starts[from]);
        return new Snippet(trimEnd(shown, indent + marks), indent, marks);
    }

    private static String trimEnd(String text, int atLeast) {
        String stripped = text.stripTrailing();
        return stripped.length() >= Math.min(atLeast, text.length()) ? stripped : text;
    }
}
