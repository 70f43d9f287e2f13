package io.narthex.cli.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.reconcile.OperatorView;
import io.narthex.web.Page;
import java.util.Optional;

/** A document that an operator on Docker tells over HTTP, for commands beside it. */
final class OperatorPage implements Page {

    private final String path;
    private final String kind;
    private final OperatorView operator;
    private final Content content;

    /** What is told beyond who tells it. */
    @FunctionalInterface
    interface Content {

        /** Adds it to a document. */
        void addTo(ObjectNode document) throws InterruptedException;
    }

    OperatorPage(String path, String kind, OperatorView operator, Content content) {
        this.path = path;
        this.kind = kind;
        this.operator = operator;
        this.content = content;
    }

    @Override
    public Optional<Response> get(Request request) {
        if (!request.path().equals(path)) {
            return Optional.empty();
        }
        ObjectNode document =
                Json.document(kind).put("platform", operator.platform()).put("working", operator.isWorking());
        operator.waitsFor().ifPresent(other -> document.put("waitsFor", other));
        try {
            content.addTo(document);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Response.text(503, "the operator ends"));
        }
        return Optional.of(Response.json(Json.line(document)));
    }
}
