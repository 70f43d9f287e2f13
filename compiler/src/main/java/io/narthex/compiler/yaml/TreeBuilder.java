package io.narthex.compiler.yaml;

import io.narthex.compiler.model.DiagnosticCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of one document from the parser's events: resolves aliases and merge keys within limits, decides
 * what scalars mean, reports what makes the document ambiguous or dangerous.
 */
final class TreeBuilder {

    private static final LoadSettings SETTINGS = settings(4096);
    /** For long texts: the parser's time grows with the square of a token's length in buffers. */
    private static final LoadSettings SETTINGS_FOR_LONG_TEXTS = settings(1 << 20);

    private static final int LONG_TEXT = 1 << 16;

    private static final Set<String> MAPPING_TAGS = Set.of("!", "tag:yaml.org,2002:map");
    private static final Set<String> SEQUENCE_TAGS = Set.of("!", "tag:yaml.org,2002:seq");

    /** Ends the work on a document whose problem has been reported. */
    private static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Rejected() {
            super(null, null, false, false);
        }
    }

    private final SourceText source;
    private final DocumentText document;
    private final Problems problems;
    private final AliasBudget aliases;
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Set<String> openAnchors = new HashSet<>();
    private final Map<String, String> keys;
    /** The brackets that are open, the last one first. */
    private final Deque<Span> openBrackets = new ArrayDeque<>();

    /**
     * Prepares the building of one document's tree.
     *
     * @param keys the keys met so far in the file, so that equal ones share one string
     */
    TreeBuilder(
            SourceText source,
            DocumentText document,
            Problems problems,
            AliasBudget aliases,
            Map<String, String> keys) {
        this.source = source;
        this.document = document;
        this.problems = problems;
        this.aliases = aliases;
        this.keys = keys;
    }

    private static LoadSettings settings(int buffer) {
        return LoadSettings.builder()
                .setUseMarks(true)
                .setParseComments(false)
                .setBufferSize(buffer)
                // The size is limited before.
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
    }

    /** How much the aliases of a file may still expand to. */
    static final class AliasBudget {
        private long left = Limits.ALIAS_WEIGHT;
    }

    /** Returns the document's root; null where it has none or, with the problem reported, where it can't be read. */
    @Nullable
    YamlNode build() {
        try {
            Iterator<Event> events = new Parse(
                            document.text().length() > LONG_TEXT ? SETTINGS_FOR_LONG_TEXTS : SETTINGS)
                    .parseString(document.text())
                    .iterator();
            while (events.hasNext()) {
                Event event = events.next();
                if (event instanceof NodeEvent first) {
                    YamlNode root = node(first, events, 0);
                    // The rest may hold the error: text after the root's end.
                    while (events.hasNext()) {
                        events.next();
                    }
                    return root;
                }
            }
            return null;
        } catch (Rejected rejected) {
            return null;
        } catch (YamlEngineException e) {
            new SyntaxExplainer(source, document).report(e, openBrackets.peek(), problems);
            return null;
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            // The parser's own flaws on hostile input; the user's document is at fault all the same.
            new SyntaxExplainer(source, document).reportUnknown(problems);
            return null;
        }
    }

    private YamlNode node(NodeEvent event, Iterator<Event> events, int depth) {
        return switch (event) {
            case AliasEvent alias -> resolve(alias);
            case ScalarEvent scalar -> anchored(scalar.getAnchor(), scalar(scalar));
            case CollectionStartEvent start -> {
                if (depth >= Limits.DEPTH) {
                    problems.add(
                            DiagnosticCode.NESTED_TOO_DEEPLY,
                            span(start),
                            "mappings and lists are nested more than " + Limits.DEPTH + " deep",
                            "at most " + Limits.DEPTH,
                            "check the brackets and dashes before this place");
                    throw new Rejected();
                }
                if (start.isFlow()) {
                    openBrackets.push(span(start));
                }
                Optional<String> anchor = start.getAnchor().map(Anchor::getValue);
                anchor.ifPresent(openAnchors::add);
                YamlNode node = start instanceof MappingStartEvent
                        ? mapping(start, events, depth)
                        : sequence(start, events, depth);
                anchor.ifPresent(openAnchors::remove);
                if (start.isFlow()) {
                    openBrackets.pop();
                }
                yield anchored(start.getAnchor(), node);
            }
            default -> throw new IllegalStateException("unexpected " + event.getEventId());
        };
    }

    private YamlNode anchored(Optional<Anchor> anchor, YamlNode node) {
        anchor.ifPresent(name -> anchors.put(name.getValue(), node));
        return node;
    }

    private YamlNode resolve(AliasEvent alias) {
        String name = alias.getAlias().getValue();
        YamlNode target = anchors.get(name);
        if (openAnchors.contains(name)) {
            problems.add(
                    DiagnosticCode.ALIAS_UNKNOWN,
                    span(alias),
                    "alias *" + Shown.plain(name) + " stands inside what it names",
                    "",
                    "write out what is meant");
            throw new Rejected();
        }
        if (target == null) {
            problems.add(
                    DiagnosticCode.ALIAS_UNKNOWN,
                    span(alias),
                    "alias *" + Shown.plain(name) + " names no anchor",
                    "an anchor set earlier in this document",
                    Nearest.of(name, anchors.keySet())
                            .map(near -> "did you mean *" + Shown.plain(near) + "?")
                            .orElse("set &" + Shown.plain(name) + " before, or quote a text that starts with *"));
            throw new Rejected();
        }
        aliases.left -= target.weight();
        if (aliases.left < 0) {
            problems.add(
                    DiagnosticCode.ALIASES_EXPAND,
                    span(alias),
                    "the file's aliases expand to more than " + Limits.ALIAS_WEIGHT + " values",
                    "at most " + Limits.ALIAS_WEIGHT,
                    "write out what is meant, or split the file");
            throw new Rejected();
        }
        return target;
    }

    private YamlNode.Scalar scalar(ScalarEvent event) {
        Span span = span(event);
        String text = event.getValue();
        boolean plain = event.isPlain();
        String tag = event.getTag().orElse("");
        if (tag.isEmpty()) {
            return new YamlNode.Scalar(
                    span,
                    text,
                    plain,
                    plain ? ScalarResolver.resolve(text) : new ScalarValue.Text(text),
                    places(event));
        }
        ScalarValue value = ScalarResolver.resolve(tag, text);
        if (value == null) {
            reportTag(tag, span);
            value = new ScalarValue.Text(text);
        }
        return new YamlNode.Scalar(span, text, plain, value, null);
    }

    private @Nullable TextPlaces places(ScalarEvent event) {
        TextPlaces.Style style = switch (event.getScalarStyle()) {
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> TextPlaces.Style.DOUBLE_QUOTED;
            case SINGLE_QUOTED -> TextPlaces.Style.SINGLE_QUOTED;
            case LITERAL, FOLDED -> TextPlaces.Style.BLOCK;
            case PLAIN -> TextPlaces.Style.PLAIN;
        };
        Mark from = event.getStartMark().orElseThrow();
        Mark to = event.getEndMark().orElse(from);
        if (style == TextPlaces.Style.PLAIN && from.getLine() == to.getLine()) {
            return null;
        }
        return TextPlaces.of(style, document.text().substring(offset(from), offset(to)), event.getValue());
    }

    /** Returns a mark's offset in the document's text; marks count code points. */
    private int offset(Mark mark) {
        String text = source.text();
        int start = source.lineStart(document.firstLine() + mark.getLine());
        int end = source.lineStart(document.firstLine() + mark.getLine() + 1);
        int columns = Math.min(mark.getColumn(), text.codePointCount(start, end));
        return text.offsetByCodePoints(start, columns) - source.lineStart(document.firstLine());
    }

    private void reportTag(String tag, Span span) {
        String shown = tag.startsWith("tag:yaml.org,2002:") ? "!!" + tag.substring(18) : tag;
        problems.add(
                DiagnosticCode.YAML_TAG,
                span,
                "the tag " + Shown.plain(shown) + " can't be applied to this value",
                "!!str, !!int, !!float, !!bool, !!null, !!map, !!seq",
                "leave the tag out; quote the value if a text that starts with ! is meant");
    }

    private YamlNode sequence(CollectionStartEvent start, Iterator<Event> events, int depth) {
        checkTag(start, SEQUENCE_TAGS);
        List<YamlNode> items = new ArrayList<>();
        int weight = 1;
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            YamlNode item = node((NodeEvent) event, events, depth + 1);
            items.add(item);
            weight = sum(weight, item.weight());
        }
        return new YamlNode.Sequence(span(start), weight, start.isFlow(), items);
    }

    private YamlNode mapping(CollectionStartEvent start, Iterator<Event> events, int depth) {
        checkTag(start, MAPPING_TAGS);
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        List<YamlNode> merged = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            NodeEvent keyEvent = (NodeEvent) event;
            // Where no key was written the parser puts an empty one.
            Span keySpan = span(keyEvent);
            boolean mergeKey = keyEvent instanceof ScalarEvent scalar
                    && scalar.isPlain()
                    && scalar.getTag().isEmpty()
                    && scalar.getValue().equals("<<");
            String key = mergeKey ? "<<" : key(node(keyEvent, events, depth + 1), keySpan);
            YamlNode value = node((NodeEvent) events.next(), events, depth + 1);
            if (mergeKey) {
                merge(value, keySpan, merged);
            } else if (key != null) {
                YamlNode.Entry earlier = entries.putIfAbsent(key, new YamlNode.Entry(key, keySpan, value));
                if (earlier != null) {
                    problems.add(
                            DiagnosticCode.DUPLICATE_KEY,
                            keySpan,
                            Shown.plain(key) + " is set twice; first in line "
                                    + earlier.keySpan().line(),
                            "each key once",
                            "delete one of the two");
                }
            }
        }
        for (YamlNode source : merged) {
            for (YamlNode.Entry entry : ((YamlNode.Mapping) source).entries()) {
                entries.putIfAbsent(entry.key(), entry);
            }
        }
        int weight = 1;
        for (YamlNode.Entry entry : entries.values()) {
            weight = sum(weight, 1 + entry.value().weight());
        }
        return new YamlNode.Mapping(span(start), weight, start.isFlow(), List.copyOf(entries.values()));
    }

    private void merge(YamlNode value, Span keySpan, List<YamlNode> merged) {
        List<YamlNode> sources = value instanceof YamlNode.Sequence list ? list.items() : List.of(value);
        for (YamlNode source : sources) {
            if (!(source instanceof YamlNode.Mapping)) {
                problems.add(
                        DiagnosticCode.YAML_SYNTAX,
                        keySpan,
                        "<< merges something that is no mapping",
                        "an alias of a mapping, or a list of such",
                        "name a mapping, or quote the key if << is meant as it is");
                return;
            }
        }
        merged.addAll(sources);
    }

    /** Returns the text of a key; null, with the problem reported, where it can't be one. */
    private @Nullable String key(YamlNode node, Span span) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            if (!new SyntaxExplainer(source, document).reportTemplate(span.line(), problems)) {
                problems.add(
                        DiagnosticCode.KEY_NOT_TEXT,
                        span,
                        "a mapping or list is used as a key",
                        "a text",
                        "quote a text that starts with { or [");
            }
            // What a template leaves behind makes no sense.
            throw new Rejected();
        }
        String text = keys.computeIfAbsent(scalar.text(), same -> same);
        boolean same = switch (scalar.value()) {
            case ScalarValue.Text ignored -> true;
            case ScalarValue.Int(var value) -> value.toString().equals(text);
            // Clients differ in how they write these as JSON.
            case ScalarValue.Bool ignored -> text.equals("true") || text.equals("false");
            case ScalarValue.Decimal ignored -> false;
            case ScalarValue.Null ignored -> false;
        };
        if (!same) {
            problems.add(
                    DiagnosticCode.KEY_NOT_TEXT,
                    span,
                    scalar.value() instanceof ScalarValue.Null
                            ? "a key is missing"
                            : "the key " + Shown.plain(text) + " is read as " + meaning(scalar.value())
                                    + " without quotes",
                    "a text",
                    scalar.value() instanceof ScalarValue.Null
                            ? "write a key before the colon"
                            : "write " + Shown.quoted(text));
            return null;
        }
        return text;
    }

    private static String meaning(ScalarValue value) {
        return switch (value) {
            case ScalarValue.Bool(boolean set) -> Boolean.toString(set);
            default -> value.words();
        };
    }

    private void checkTag(CollectionStartEvent start, Set<String> allowed) {
        start.getTag().filter(tag -> !allowed.contains(tag)).ifPresent(tag -> reportTag(tag, span(start)));
    }

    private Span span(Event event) {
        Mark from = event.getStartMark().orElseThrow();
        Mark to = event.getEndMark().orElse(from);
        return source.span(
                document.firstLine() + from.getLine(),
                from.getColumn() + 1,
                document.firstLine() + to.getLine(),
                to.getColumn() + 1);
    }

    private static int sum(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }
}
