package io.narthex.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.Snippet;
import io.narthex.web.Page;

/** What belongs into the configurations of servers that others run; no credential is in it. */
public final class SnippetPage {

    public static final String PATH = "/snippet/v1";
    public static final String KIND = "snippets";

    private SnippetPage() {}

    /** Returns the page that tells it. */
    public static Page of(OperatorView operator) {
        return new OperatorPage(PATH, KIND, operator, document -> {
            operator.instance().ifPresent(instance -> document.put("instance", instance));
            ArrayNode snippets = document.putArray("snippets");
            operator.snippets().forEach(snippet -> write(snippets.addObject(), snippet));
        });
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
