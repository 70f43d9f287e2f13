package io.narthex.compiler.yaml;

import io.narthex.compiler.model.DiagnosticCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/** Puts the parser's complaints into words that say what to do. */
final class SyntaxExplainer {

    /** The words that templates of Helm start with and those of Prometheus don't, or not outside quotes. */
    private static final Pattern HELM =
            Pattern.compile("\\{\\{-?\\s*(/\\*|\\.|\\$\\.|\\$\\w+\\s*:=|(if|else|end|range|with"
                    + "|include|template|define|block|toYaml|tpl|default|required|lookup|quote)\\b)");

    private static final Pattern PLAIN_KEY_VALUE =
            Pattern.compile("^\\s*+(?:- ++)*+[^\\s#'\"\\[{&*!|>%@`][^#]*?: ++\\S.*");

    private final SourceText source;
    private final DocumentText document;

    SyntaxExplainer(SourceText source, DocumentText document) {
        this.source = source;
        this.document = document;
    }

    /**
     * Reports the one syntax error that ended the parsing of the document.
     *
     * @param bracket the bracket that was open then; null for none
     */
    void report(YamlEngineException e, @Nullable Span bracket, Problems problems) {
        switch (e) {
            case MarkedYamlEngineException marked -> reportMarked(marked, bracket, problems);
            case YamlVersionException version ->
                syntax(
                        problems,
                        source.span(document.firstLine(), 1, document.firstLine(), 6),
                        "the document asks for another version of YAML",
                        "%YAML 1.1 or %YAML 1.2",
                        "delete the line that starts with %YAML");
            default -> reportUnknown(problems);
        }
    }

    /** Reports that the document can't be parsed, where no more is known. */
    void reportUnknown(Problems problems) {
        syntax(
                problems,
                source.span(document.firstLine(), 1, document.firstLine() + 1, 1),
                "the document that starts here is not YAML",
                "",
                "check its quotes, escapes and brackets");
    }

    /**
     * Reports the template braces of {@code line}, if it holds some.
     *
     * @return whether it does
     */
    boolean reportTemplate(int line, Problems problems) {
        String content = source.line(line);
        int braces = content.indexOf("{{");
        if (braces < 0) {
            return false;
        }
        int column = content.codePointCount(0, braces) + 1;
        int end = content.indexOf("}}", braces);
        int endColumn = end < 0 ? column + 2 : content.codePointCount(0, end) + 3;
        boolean helm = HELM.matcher(content).find();
        problems.add(
                DiagnosticCode.TEMPLATE_BRACES,
                source.span(line, column, line, endColumn),
                helm ? "this is a Helm template, not yet YAML" : "a value that starts with {{ must be quoted",
                "",
                helm ? "render it first: helm template ... | narthex lint -" : "put the whole value in quotes");
        return true;
    }

    private void reportMarked(MarkedYamlEngineException e, @Nullable Span bracket, Problems problems) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext();
        Optional<Mark> at = e.getProblemMark().or(e::getContextMark);
        Span here = at.map(this::span).orElse(source.span(document.firstLine(), 1, document.firstLine(), 2));
        Span start = e.getContextMark().map(this::span).orElse(here);
        if (reportTemplate(here.line(), problems)
                || (!context.contains("block") && reportTemplate(start.line(), problems))) {
            return;
        }
        if (bracket != null && at.isPresent() && isBehindTheText(at.get())) {
            syntax(problems, bracket, "the bracket that opens here is never closed", "", "close it");
        } else if (problem.contains("(TAB)")) {
            String line = source.line(here.line());
            int tab = line.indexOf('\t');
            Span tabs = tab < 0
                    ? here
                    : source.span(
                            here.line(),
                            line.codePointCount(0, tab) + 1,
                            here.line(),
                            line.codePointCount(0, endOfTabs(line, tab)) + 1);
            problems.add(
                    DiagnosticCode.TAB_INDENTATION,
                    tabs,
                    "the line is indented with a tab",
                    "spaces",
                    "replace each tab by two spaces");
        } else if (problem.startsWith("found character '")) {
            int c = problem.codePointAt("found character '".length());
            syntax(
                    problems,
                    here,
                    "a value can't start with " + Shown.plain(Character.toString(c)),
                    "",
                    "put the value in quotes");
        } else if (problem.startsWith("mapping values are not allowed")) {
            reportKey(here, problems);
        } else if (problem.startsWith("sequence entries are not allowed")) {
            syntax(
                    problems,
                    here,
                    "a list can't start on the line of its key",
                    "",
                    "put each \"- \" on a line of its own, or quote the value");
        } else if ((context.contains("quoted scalar") && problem.contains("end of stream"))
                || problem.contains("unexpected document separator")) {
            syntax(problems, start, "the quote that opens here is never closed", "", "close it");
        } else if (problem.startsWith("found unknown escape character")) {
            Span escape = source.span(here.line(), here.column() - 1, here.line(), here.column() + 1);
            syntax(
                    problems,
                    escape,
                    "this is no escape that double quotes know",
                    "\\\\ \\\" \\n \\t \\x41 \\u0041 and the like",
                    "use single quotes, or write \\\\ for a backslash");
        } else if (context.contains("flow sequence")) {
            syntax(problems, start, "the [ that opens here is not closed properly", "", flowRemedy(here, "]"));
        } else if (context.contains("flow mapping")) {
            syntax(problems, start, "the { that opens here is not closed properly", "", flowRemedy(here, "}"));
        } else if (problem.contains("could not find expected ':'")) {
            syntax(
                    problems,
                    wholeLine(start),
                    "the line is neither a key with a colon nor a list item",
                    "",
                    "write a colon and a space after the key, or indent the line if it continues a text");
        } else if (problem.startsWith("expected <block end>")) {
            reportBlock(problem, here, problems);
        } else if (problem.startsWith("expected '<document start>'")) {
            syntax(
                    problems,
                    here,
                    "the document has already ended here",
                    "",
                    "check the indentation and brackets before, or put --- between two documents");
        } else if (problem.startsWith("expected chomping or indentation")) {
            syntax(
                    problems,
                    here,
                    "text stands on the line of | or >",
                    "|, >, with + or - or a digit",
                    "move the text to the next line, indented");
        } else if (problem.startsWith("expected the node content")) {
            syntax(problems, here, "a value can't start here", "", "put a text that starts with , ] } or ? in quotes");
        } else {
            String words = problem.isEmpty() ? context : problem;
            syntax(problems, here, "not YAML: " + Shown.plain(words), "", "");
        }
    }

    private boolean isBehindTheText(Mark mark) {
        String text = document.text().stripTrailing();
        return mark.getIndex() >= text.codePointCount(0, text.length());
    }

    private void reportKey(Span here, Problems problems) {
        String line = source.line(here.line());
        String before = line.substring(0, line.offsetByCodePoints(0, here.column() - 1));
        if (before.contains(": ")) {
            Span value =
                    source.span(here.line(), before.codePointCount(0, before.indexOf(": ")) + 3, here.line() + 1, 1);
            syntax(
                    problems,
                    value,
                    "a second colon on one line",
                    "",
                    "put the value in quotes, or the inner key on the next line, indented");
        } else if (before.isBlank()) {
            syntax(problems, here, "a key is missing before the colon", "", "write the key, or delete the colon");
        } else {
            String previous = previousLine(here.line());
            Span key = source.span(here.line(), indent(line) + 1, here.line(), here.column());
            boolean deeper = PLAIN_KEY_VALUE.matcher(previous).matches() && indent(line) > indent(previous);
            syntax(
                    problems,
                    key,
                    deeper
                            ? "the line is indented deeper than the line before, which already has a value"
                            : "a key isn't allowed here",
                    "",
                    deeper
                            ? "indent both alike, or delete the value before"
                            : "check that the line before ends with a colon, and the indentation");
        }
    }

    private void reportBlock(String problem, Span here, Problems problems) {
        if (problem.contains("'<block mapping start>'") || problem.contains("'<block sequence start>'")) {
            syntax(
                    problems,
                    firstWord(here),
                    "the indentation fits no line above",
                    "",
                    "indent it like the keys it belongs to");
        } else if (problem.contains("'-'")) {
            syntax(
                    problems,
                    here,
                    "a list item stands among keys",
                    "",
                    "give the list a key of its own, or check the indentation");
        } else if (problem.contains("'?'")) {
            syntax(
                    problems,
                    firstWord(here),
                    "a key stands among list items",
                    "",
                    "indent the key to where it belongs, or write \"- \" before it");
        } else {
            syntax(
                    problems,
                    here,
                    "text follows a value that has already ended",
                    "",
                    "put the whole value in one pair of quotes");
        }
    }

    private String flowRemedy(Span here, String bracket) {
        return "write a comma between elements and " + bracket + " at the end; the trouble shows in line "
                + here.line();
    }

    private static void syntax(Problems problems, Span span, String message, String allowed, String remedy) {
        problems.add(DiagnosticCode.YAML_SYNTAX, span, message, allowed, remedy);
    }

    private String previousLine(int line) {
        for (int i = line - 1; i >= document.firstLine(); i--) {
            String content = source.line(i);
            if (!content.isBlank() && !content.stripLeading().startsWith("#")) {
                return content;
            }
        }
        return "";
    }

    private static int indent(String line) {
        int i = 0;
        while (i < line.length() && line.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    private static int endOfTabs(String line, int from) {
        int end = from;
        while (end < line.length() && line.charAt(end) == '\t') {
            end++;
        }
        return end;
    }

    private Span wholeLine(Span at) {
        return source.span(at.line(), at.column(), at.line() + 1, 1);
    }

    private static final Pattern WORD = Pattern.compile("[^\\s:]+");

    private Span firstWord(Span at) {
        String line = source.line(at.line());
        int from = line.offsetByCodePoints(0, Math.min(at.column() - 1, line.codePointCount(0, line.length())));
        Matcher word = WORD.matcher(line);
        return word.find(from) && word.start() == from
                ? source.span(at.line(), at.column(), at.line(), at.column() + line.codePointCount(from, word.end()))
                : at;
    }

    private Span span(Mark mark) {
        int line = document.firstLine() + mark.getLine();
        return source.span(line, mark.getColumn() + 1, line, mark.getColumn() + 2);
    }
}
