package io.narthex.cli.terminal;

import io.narthex.cli.print.Columns;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last lines on a terminal, which are drawn anew in their own place. Never taller than the window, since what has
 * scrolled away can't be drawn over; and a window that became narrower has wrapped what was drawn for a wider one.
 *
 * <p>For one thread at a time.
 */
public final class LiveLines {

    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Terminal terminal;
    private List<String> lines = List.of();

    public LiveLines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Draws these lines in place of those that stand there. */
    public void replace(List<String> fresh) {
        String eraser = eraser();
        int rows = Math.max(2, terminal.height() - 1);
        lines = fresh.size() <= rows ? List.copyOf(fresh) : shortened(fresh, rows);
        print(eraser + drawing());
    }

    private static List<String> shortened(List<String> lines, int rows) {
        return Stream.concat(lines.stream().limit(rows - 1L), Stream.of("… and " + (lines.size() - rows + 1) + " more"))
                .toList();
    }

    /** Prints something that stays, above the lines. */
    public void above(Runnable print) {
        // What is printed may go to standard error: both must be in order.
        print(eraser());
        print.run();
        print(drawing());
    }

    /** Takes the lines away for good. */
    public void clear() {
        print(eraser());
        lines = List.of();
    }

    /**
     * Returns what erases the lines, row by row: some terminals keep a copy of all that is erased at once from the top of
     * the window on.
     */
    private String eraser() {
        if (lines.isEmpty()) {
            return "";
        }
        // The window's own columns, whatever COLUMNS says.
        int width = terminal.size().now().map(WindowSize::columns).orElseGet(terminal::width);
        int wrapped = lines.stream()
                .map(line -> STYLE.matcher(line).replaceAll(""))
                .mapToInt(line -> Math.max(1, Math.ceilDiv(Columns.of(line), width)))
                .sum();
        int rows = Math.min(wrapped, terminal.height() - 1);
        String up = "\u001b[" + rows + "A";
        return up + "\r" + "\u001b[2K\n".repeat(rows) + up;
    }

    private String drawing() {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void print(String text) {
        if (!text.isEmpty()) {
            terminal.out().print(text);
        }
        terminal.out().flush();
    }
}
