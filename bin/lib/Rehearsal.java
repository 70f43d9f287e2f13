import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Plays an API server that holds one PrometheusServer and one Monitor, on a free port of loopback, for as long as the
 * operator needs to begin with them. It is no test: it has the operator load what it loads at a start, so that the
 * image's start-up cache holds it. Prints its URL, then "applied" once the operator writes a StatefulSet.
 */
class Rehearsal {

    private static final String API = "monitoring.narthex.io/v1alpha1";

    static void main() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", Rehearsal::answer);
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String plural = path.substring(path.lastIndexOf('/') + 1);
            byte[] sent = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod()) {
                case "GET" -> {
                    if (exchange.getRequestHeaders().containsKey("Upgrade")) {
                        // No web sockets here: it then watches by a plain GET.
                        send(exchange, 200, "");
                    } else if (query.matches(".*\\bwatch=(1|true)\\b.*")) {
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(200, 0);
                        exchange.getResponseBody().flush();
                        Thread.sleep(60_000);
                    } else if (path.matches(".*/(namespaces/[^/]+/)?[a-z]+s") && !path.matches(".*/namespaces/[^/]+")) {
                        send(exchange, 200, list(plural));
                    } else {
                        send(exchange, 404, """
                                {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""");
                    }
                }
                // What is written is answered as it came: the operator goes on with it.
                default -> {
                    send(exchange, 200, new String(sent, StandardCharsets.UTF_8));
                    if (path.contains("/statefulsets/")) {
                        System.out.println("applied");
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String list(String plural) {
        String items = switch (plural) {
            case "prometheusservers" -> item("PrometheusServer", """
                    {"monitors":{"namespaceSelector":{}}}""");
            case "monitors" -> item("Monitor", """
                    {"source":{"service":{"selector":{"matchLabels":{"app":"a"}}}},"endpoints":[{"name":"metrics","port":"web"}]}""");
            case "rulesets" -> item("RuleSet", """
                    {"groups":[{"name":"g","rules":[{"alert":"Down","expr":"up == 0"}]}]}""");
            case "namespaces" -> """
                    {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"narthex","uid":"4","resourceVersion":"1"}}""";
            default -> "";
        };
        return """
                {"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[%s]}""".formatted(items);
    }

    private static String item(String kind, String spec) {
        return """
                {"apiVersion":"%s","kind":"%s","metadata":{"name":"main","namespace":"narthex","uid":"%s","generation":1,\
                "resourceVersion":"1"},"spec":%s}""".formatted(API, kind, kind, spec);
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
