package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.Snippet;
import io.narthex.web.Page;
import java.util.Optional;

/** Tells over HTTP what belongs into the configurations of servers that others run; no credential is in it. */
final class SnippetPage implements Page {

    static final String PATH = "/snippet/v1";
    static final String KIND = "snippets";

    private final OperatorView operator;

    SnippetPage(OperatorView operator) {
        this.operator = operator;
    }

    @Override
    public Optional<Response> get(Request request) {
        if (!request.path().equals(PATH)) {
            return Optional.empty();
        }
        ObjectNode root =
                Json.document(KIND).put("platform", operator.platform()).put("working", operator.isWorking());
        operator.waitsFor().ifPresent(other -> root.put("waitsFor", other));
        ArrayNode snippets = root.putArray("snippets");
        operator.snippets().forEach(snippet -> write(snippets.addObject(), snippet));
        return Optional.of(Response.json(Json.line(root)));
    }

    private static void write(ObjectNode node, Snippet snippet) {
        node.put("namespace", snippet.server().namespace())
                .put("name", snippet.server().name())
                .put("version", snippet.version().toString())
                .put("generation", snippet.generation())
                .put("stanza", snippet.stanza());
        ObjectNode files = node.putObject("files");
        snippet.files().forEach(files::put);
        ArrayNode credentials = node.putArray("credentials");
        snippet.credentials().forEach(credentials::add);
        ObjectNode secrets = node.putObject("secrets");
        snippet.secrets().forEach(secrets::put);
    }
}
