package io.narthex.cli;

import io.narthex.cli.print.Style;
import io.narthex.cli.print.Visible;
import io.narthex.status.JobStatus;
import io.narthex.status.ScrapeError;
import io.narthex.status.ServerStatus;
import io.narthex.status.TargetStatus;
import java.util.ArrayList;
import java.util.List;

/** The jobs of a server as a table: how many of their targets are up, and why one is not. */
final class JobTable {

    private static final int WIDEST_JOB = 48;

    private JobTable() {}

    /** Returns the table's lines, none wider than {@code width}. */
    static List<String> lines(ServerStatus status, Style style, int width) {
        int column = "JOB".length();
        for (JobStatus job : status.jobs()) {
            column = Math.max(
                    column, Math.min(WIDEST_JOB, Visible.of(job.title()).length()));
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(row(column, "JOB", "UP", "LAST ERROR")));
        for (JobStatus job : status.jobs()) {
            String line = row(column, cut(Visible.of(job.title()), column), up(job), error(job));
            String plain = cut(line, width);
            lines.add(job.down() > 0 ? style.red(plain) : plain);
        }
        return lines;
    }

    private static String row(int column, String job, String up, String error) {
        return String.format("%-" + column + "s  %-7s %s", job, up, error).stripTrailing();
    }

    private static String up(JobStatus job) {
        return job.up() + "/" + job.total();
    }

    /** Returns the worst target's error in a few words; empty where all are up. */
    static String error(JobStatus job) {
        if (job.total() == 0) {
            return "no targets";
        }
        return job.firstDown()
                .flatMap(target -> target.error().map(error -> words(target, error)))
                .orElse(job.unknown() > 0 ? "not scraped yet" : "");
    }

    private static String words(TargetStatus target, ScrapeError error) {
        return Visible.of(target.instance()) + " " + Visible.of(error.brief()) + ", see "
                + error.code().id();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(1, width - 1)) + "…";
    }
}
