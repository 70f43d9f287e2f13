package io.narthex.cli;

import io.narthex.cli.print.Columns;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last lines on a terminal, which are drawn anew in their own place. Never taller than the window, since what has
 * scrolled away can't be drawn over; and a window that became narrower has wrapped what was drawn for a wider one.
 *
 * <p>For one thread at a time.
 */
final class LiveLines {

    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Terminal terminal;
    private List<String> lines = List.of();

    LiveLines(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Draws these lines in place of those that stand there. */
    void replace(List<String> fresh) {
        erase();
        int rows = Math.max(2, terminal.height() - 1);
        lines = fresh.size() <= rows ? List.copyOf(fresh) : shortened(fresh, rows);
        draw();
    }

    private static List<String> shortened(List<String> lines, int rows) {
        return Stream.concat(lines.stream().limit(rows - 1L), Stream.of("… and " + (lines.size() - rows + 1) + " more"))
                .toList();
    }

    /** Prints something that stays, above the lines. */
    void above(Runnable print) {
        erase();
        print.run();
        draw();
    }

    /** Takes the lines away for good. */
    void clear() {
        erase();
        lines = List.of();
    }

    private void erase() {
        if (lines.isEmpty()) {
            return;
        }
        // The window's own columns, whatever COLUMNS says.
        int width = terminal.size().now().map(WindowSize::columns).orElseGet(terminal::width);
        int rows = lines.stream()
                .map(line -> STYLE.matcher(line).replaceAll(""))
                .mapToInt(line -> Math.max(1, Math.ceilDiv(Columns.of(line), width)))
                .sum();
        terminal.out().print("\u001b[" + Math.min(rows, terminal.height()) + "A\r\u001b[J");
        // What is printed next may go to standard error.
        terminal.out().flush();
    }

    private void draw() {
        lines.forEach(terminal.out()::println);
        terminal.out().flush();
    }
}
