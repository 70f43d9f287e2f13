package io.narthex.compiler.template;

import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.template.TemplateTokens.Kind;
import io.narthex.compiler.template.TemplateTokens.Token;
import io.narthex.compiler.yaml.Nearest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rule's label or annotation, which is a template (Prometheus documentation, "Template reference"). It is parsed when rules
 * are loaded, so one that isn't right has the whole configuration refused (the sources, {@code model/rulefmt}).
 */
public final class RuleTemplate {

    /** What Prometheus defines before the template ({@code model/rulefmt}), and Go itself. */
    private static final List<String> VARIABLES = List.of("$", "$labels", "$externalLabels", "$externalURL", "$value");

    /** What a definition of its own knows. */
    private static final List<String> ROOT = List.of("$");

    /** Nobody nests as deep, and Prometheus itself has no bound in all releases. */
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private final PrometheusVersion release;
    private final Deque<Block> blocks = new ArrayDeque<>();
    private Variables variables = new Variables(VARIABLES);
    private int at;

    private RuleTemplate(List<Token> tokens, PrometheusVersion release) {
        this.tokens = tokens;
        this.release = release;
    }

    /** The variables that are known at one place; a name may be defined several times. */
    private static final class Variables {

        private final List<String> names = new ArrayList<>();
        private final Map<String, Integer> times = new HashMap<>();

        Variables(List<String> first) {
            first.forEach(this::add);
        }

        void add(String name) {
            names.add(name);
            times.merge(name, 1, Integer::sum);
        }

        boolean has(String name) {
            return times.containsKey(name);
        }

        int count() {
            return names.size();
        }

        void forgetFrom(int count) {
            while (names.size() > count) {
                times.computeIfPresent(names.removeLast(), (name, some) -> some > 1 ? some - 1 : null);
            }
        }
    }

    /** A block that isn't ended yet. */
    private static final class Block {

        private final String keyword;
        private final boolean inRange;
        private final Variables outer;
        private final int known;
        private boolean hasElse;

        /**
         * Makes one.
         *
         * @param keyword what began it
         * @param inRange whether it can be left or begun anew as the body of a range
         * @param outer the variables around it
         * @param known how many of them there are behind it
         */
        Block(String keyword, boolean inRange, Variables outer, int known) {
            this.keyword = keyword;
            this.inRange = inRange;
            this.outer = outer;
            this.known = known;
        }

        boolean isDefinition() {
            return keyword.equals("define") || keyword.equals("block");
        }
    }

    /**
     * Returns what a release's parser refuses the template for, if anything. Texts that it refuses and this doesn't are
     * rare: wrong numbers and escapes of characters, templates that are defined twice.
     *
     * @param template the template
     * @param release the release of Prometheus
     */
    public static Optional<Problem> problem(String template, PrometheusVersion release) {
        try {
            TemplateTokens tokens = TemplateTokens.of(template);
            if (tokens.deepest() <= DEEPEST) {
                new RuleTemplate(tokens.list(), release).parse();
            }
            return Optional.empty();
        } catch (MalformedTemplate e) {
            return Optional.of(e.problem());
        }
    }

    /**
     * Returns whether a template may use this function: whether it is named in an action, outside of strings and comments, or
     * the template can't be read.
     *
     * @param template the template
     * @param function the function's name
     */
    public static boolean mentions(String template, String function) {
        try {
            return TemplateTokens.of(template).list().stream()
                    .anyMatch(token -> token.is(Kind.WORD) && token.text().equals(function));
        } catch (MalformedTemplate e) {
            return true;
        }
    }

    private void parse() throws MalformedTemplate {
        while (next().is(Kind.LEFT)) {
            action();
        }
        if (!blocks.isEmpty()) {
            throw new MalformedTemplate("has {{ " + blocks.peek().keyword + " }} without {{ end }}", "add {{ end }}");
        }
    }

    private void action() throws MalformedTemplate {
        if (!peek().is(Kind.KEYWORD)) {
            pipeline(Kind.RIGHT, false);
            return;
        }
        String keyword = next().text();
        switch (keyword) {
            case "if", "with", "range" -> {
                int known = variables.count();
                boolean range = keyword.equals("range");
                pipeline(Kind.RIGHT, range);
                blocks.push(new Block(keyword, range || isInRange(), variables, known));
            }
            case "else" -> otherwise();
            case "end" -> {
                expectRight("end");
                if (blocks.isEmpty()) {
                    throw new MalformedTemplate("has {{ end }} without a beginning", "remove it");
                }
                Block block = blocks.pop();
                variables = block.outer;
                variables.forgetFrom(block.known);
            }
            case "break", "continue" -> {
                expectRight(keyword);
                if (!isInRange()) {
                    throw new MalformedTemplate("has {{ " + keyword + " }} outside of {{ range }}", "remove it");
                }
            }
            case "define" -> {
                if (!blocks.isEmpty()) {
                    throw new MalformedTemplate("has {{ define }} inside of a block", "move it out of the block");
                }
                name(keyword);
                expectRight(keyword);
                begin(keyword);
            }
            case "block" -> {
                name(keyword);
                pipeline(Kind.RIGHT, false);
                begin(keyword);
            }
            default -> {
                name(keyword);
                if (peek().is(Kind.RIGHT)) {
                    next();
                } else {
                    pipeline(Kind.RIGHT, false);
                }
            }
        }
    }

    private void begin(String keyword) {
        blocks.push(new Block(keyword, false, variables, variables.count()));
        variables = new Variables(ROOT);
    }

    private boolean isInRange() {
        Block block = blocks.peek();
        return block != null && block.inRange;
    }

    private void otherwise() throws MalformedTemplate {
        Block block = blocks.peek();
        if (block == null || block.isDefinition() || block.hasElse) {
            throw new MalformedTemplate("has {{ else }} that belongs to no block", "remove it");
        }
        boolean chained = block.keyword.equals("if") || block.keyword.equals("with");
        if (chained && peek().isKeyword(block.keyword)) {
            next();
            pipeline(Kind.RIGHT, false);
        } else {
            expectRight("else");
            block.hasElse = true;
        }
    }

    private void name(String keyword) throws MalformedTemplate {
        if (!next().is(Kind.STRING)) {
            throw new MalformedTemplate(
                    "has {{ " + keyword + " }} without a name", "name the template, between quotes");
        }
    }

    private void expectRight(String keyword) throws MalformedTemplate {
        Token token = next();
        if (!token.is(Kind.RIGHT)) {
            throw unexpected(token, "behind " + keyword);
        }
    }

    /** Reads commands with pipes between them, which may be given to variables. */
    private void pipeline(Kind end, boolean range) throws MalformedTemplate {
        declarations(range);
        int commands = 0;
        while (!peek().is(end)) {
            Token token = peek();
            if (!token.beginsTerm()) {
                throw unexpected(token, "where a value begins");
            }
            if (commands > 0 && (token.is(Kind.CONSTANT) || token.is(Kind.STRING))) {
                throw new MalformedTemplate(
                        "hands something to " + Quoting.quote(token.text()) + ", which is no function",
                        "put a function behind |");
            }
            command();
            commands++;
        }
        next();
        if (commands == 0) {
            throw new MalformedTemplate("has an action without a value", "put a value into it, or remove it");
        }
    }

    private void declarations(boolean range) throws MalformedTemplate {
        for (int declared = 1; peek().is(Kind.VARIABLE); declared++) {
            String name = peek().text();
            Token follows = tokens.get(at + 1);
            if (follows.is(Kind.ASSIGN)) {
                at += 2;
                variables.add(name);
                return;
            }
            if (!follows.text().equals(",") || !follows.is(Kind.SIGN)) {
                return;
            }
            if (!range || declared > 1) {
                throw new MalformedTemplate("has a comma between values", "separate values by spaces");
            }
            at += 2;
            variables.add(name);
        }
    }

    private void command() throws MalformedTemplate {
        do {
            operand();
        } while (peek().spaced() && peek().beginsTerm());
        Token token = peek();
        if (token.is(Kind.PIPE)) {
            next();
        } else if (!token.is(Kind.RIGHT) && !token.is(Kind.CLOSE)) {
            throw unexpected(token, "behind a value");
        }
    }

    private void operand() throws MalformedTemplate {
        Token token = next();
        switch (token.kind()) {
            case WORD -> function(token.text());
            case VARIABLE -> variable(token.text());
            case OPEN -> pipeline(Kind.CLOSE, false);
            default -> {}
        }
        boolean constant = token.is(Kind.CONSTANT) || token.is(Kind.STRING);
        while (peek().is(Kind.FIELD) && !peek().spaced()) {
            if (constant) {
                throw unexpected(peek(), "behind " + Quoting.quote(token.text()));
            }
            next();
        }
    }

    private void function(String name) throws MalformedTemplate {
        if (TemplateFunctions.has(name, release)) {
            return;
        }
        String remedy = TemplateFunctions.since(name)
                .map(since -> "run Prometheus " + since.major() + "." + since.minor() + " or later, or do without it")
                .or(() -> nearestVariable(name).map(variable -> "did you mean " + variable + "?"))
                .or(() -> Nearest.of(name, TemplateFunctions.of(release)).map(near -> "did you mean " + near + "?"))
                .orElse("remove it, or put it into quotes if it is a text");
        throw new MalformedTemplate(
                "calls the function " + Quoting.quote(name) + ", which Prometheus " + release.major() + "."
                        + release.minor() + " doesn't have",
                remedy);
    }

    /** Returns the variable that lacks its dollar sign only. */
    private Optional<String> nearestVariable(String name) {
        return Optional.of("$" + name).filter(variables::has);
    }

    private void variable(String name) throws MalformedTemplate {
        if (variables.has(name)) {
            return;
        }
        boolean defining = blocks.stream().anyMatch(Block::isDefinition);
        throw new MalformedTemplate(
                "uses the variable " + Quoting.quote(name) + ", which isn't defined"
                        + (defining ? " inside of {{ define }} or {{ block }}" : ""),
                defining
                        ? "hand the value to the template, which knows it as . and $"
                        : Nearest.of(
                                        name.substring(1),
                                        variables.names.stream()
                                                .skip(1)
                                                .map(known -> known.substring(1))
                                                .toList())
                                .map(near -> "did you mean $" + near + "?")
                                .orElse("use $labels, $externalLabels, $externalURL or $value"));
    }

    private static MalformedTemplate unexpected(Token token, String where) {
        String what = token.is(Kind.RIGHT) ? "}}" : token.text();
        return new MalformedTemplate(
                "has " + Quoting.quote(what) + " " + where,
                token.is(Kind.OPEN)
                        ? "write arguments behind a function's name, with spaces between: {{ humanize $value }}"
                        : "mend the action; Prometheus's template reference shows their form");
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        return tokens.get(at++);
    }
}
