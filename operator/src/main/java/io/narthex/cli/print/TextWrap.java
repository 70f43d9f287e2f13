package io.narthex.cli.print;

import java.util.ArrayList;
import java.util.List;

/** Breaks paragraphs into lines. */
public final class TextWrap {

    private TextWrap() {}

    /** Returns the lines of {@code text}, each at most {@code width} long unless a word is longer; blank ones stay. */
    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.strip().split("\n\\s*\n", -1)) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            StringBuilder line = new StringBuilder();
            for (String word : paragraph.strip().split("\\s+", -1)) {
                if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
