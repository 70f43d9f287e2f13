package io.narthex.cli.print;

import io.narthex.status.JobStatus;
import io.narthex.status.ScrapeError;
import io.narthex.status.ServerStatus;
import io.narthex.status.TargetStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The jobs of a server as a table: how many of their targets are up, and why one is not. */
public final class JobTable {

    private static final String GAP = "  ";
    private static final String JOB = "JOB";
    private static final String UP = "UP";
    private static final String ERROR = "LAST ERROR";

    private JobTable() {}

    /** Returns the table's lines, none wider than {@code width}. */
    public static List<String> lines(ServerStatus status, Style style, int width) {
        List<JobStatus> jobs = status.jobs();
        int up = widest(UP, jobs, JobTable::up);
        int free = width - up - 2 * GAP.length();
        // An error takes what a job's name leaves, and a third at least.
        int job = Math.min(
                widest(JOB, jobs, one -> Visible.of(one.title())),
                Math.max(free / 3, free - widest(ERROR, jobs, JobTable::error)));
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(Columns.cut(row(job, JOB, up, UP, ERROR), width)));
        for (JobStatus one : jobs) {
            String line = Columns.cut(row(job, Visible.of(one.title()), up, up(one), error(one)), width);
            lines.add(one.down() > 0 || one.problem().isPresent() ? style.red(line) : line);
        }
        return lines;
    }

    private static int widest(String title, List<JobStatus> jobs, Function<JobStatus, String> cell) {
        return Math.max(
                Columns.of(title),
                jobs.stream().map(cell).mapToInt(Columns::of).max().orElse(0));
    }

    private static String row(int job, String name, int up, String number, String error) {
        return (Columns.pad(Columns.cut(name, job), job) + GAP + Columns.pad(number, up) + GAP + error).stripTrailing();
    }

    private static String up(JobStatus job) {
        return job.up() + "/" + job.total();
    }

    /** Returns the worst target's error in a few words; empty where all are up. */
    public static String error(JobStatus job) {
        if (job.total() == 0) {
            return job.problem().map(JobTable::words).orElse("no targets");
        }
        return job.firstDown()
                .flatMap(target -> target.error().map(error -> words(target, error)))
                .orElse(job.unknown() > 0 ? "not scraped yet" : "");
    }

    private static String words(TargetStatus target, ScrapeError error) {
        return Visible.of(target.instance()) + " " + words(error);
    }

    private static String words(ScrapeError error) {
        return Visible.of(error.brief()) + ", see " + error.code().id();
    }
}
