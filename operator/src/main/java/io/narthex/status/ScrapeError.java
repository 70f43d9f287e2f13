package io.narthex.status;

import io.narthex.compiler.model.DiagnosticCode;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failed scrape in words. Recognised from the errors that Prometheus 2.42 to 3.16 gives for a target's last scrape
 * (its scrape and model/textparse packages, common's HTTP client, Go's net/http, net and crypto).
 *
 * @param code which kind of failure it is; its page tells causes and remedies
 * @param brief the failure in a few words for a table, such as {@code HTTP 400}
 * @param hint the likeliest cause and what to do, one sentence without a full stop
 * @param raw Prometheus's own words, on one line, without the URL; empty where it gives none
 */
public record ScrapeError(DiagnosticCode code, String brief, String hint, String raw) {

    private static final int RAW_CHARACTERS = 400;

    /** What {@code net/url} puts before every error of a request. */
    private static final Pattern REQUEST = Pattern.compile("^Get \"(?:[^\"\\\\]|\\\\.)*+\": ", Pattern.DOTALL);

    private static final Pattern STATUS = Pattern.compile("^server returned HTTP status (\\d{3})\\b");

    /** What a rule makes a text of. */
    private record Match(Matcher matcher, String host) {
        String group(String name) {
            return limited(matcher.group(name), 80);
        }
    }

    private record Rule(
            Pattern pattern, DiagnosticCode code, Function<Match, String> brief, Function<Match, String> hint) {}

    /**
     * In answers that Prometheus read, before it looked at their text: each is known by how it begins, since what
     * follows may quote the target.
     */
    private static final List<Rule> ANSWERS = List.of(
            rule(
                    "^sample limit exceeded",
                    DiagnosticCode.TARGET_SAMPLE_LIMIT,
                    "too many samples",
                    "the target exposes more samples than limits.samples allows; the whole scrape is dropped"),
            rule(
                    "^histogram bucket limit exceeded",
                    DiagnosticCode.TARGET_BUCKET_LIMIT,
                    "too many histogram buckets",
                    "a native histogram has more buckets than nativeHistograms.bucketLimit allows; the whole scrape is dropped"),
            rule(
                    "^body size limit exceeded",
                    DiagnosticCode.TARGET_BODY_SIZE_LIMIT,
                    "answer too long",
                    "the answer is longer than limits.bodySize allows; the whole scrape is dropped"),
            rule(
                    "^label_(?:name_length_|value_length_)?limit exceeded \\(metric: (?<metric>[^,]*)",
                    DiagnosticCode.TARGET_LABEL_LIMIT,
                    m -> "label limit exceeded",
                    m -> "the metric " + m.group("metric")
                            + " has more or longer labels than allowed; the whole scrape is dropped"),
            rule(
                    "^target_limit exceeded \\(number of targets: (?<count>\\d+), limit: (?<limit>\\d+)\\)",
                    DiagnosticCode.TARGET_LIMIT,
                    m -> "too many targets",
                    m -> "the job has " + m.group("count") + " targets, " + m.group("limit")
                            + " are allowed; none is scraped"),
            rule(
                    "^(?:received unsupported Content-Type|cannot parse Content-Type|received OpenMetrics 2\\.0"
                            + " Content-Type) \"(?<type>(?:[^\"\\\\]|\\\\.)*+)\"",
                    DiagnosticCode.TARGET_NOT_METRICS,
                    m -> "not metrics",
                    m -> "the answer is " + m.group("type") + ", not metrics; is the path right?"),
            rule(
                    "^non-compliant scrape target sending blank Content-Type",
                    DiagnosticCode.TARGET_NOT_METRICS,
                    "no content type",
                    "the answer names no content type; where it is metrics all the same, set fallbackScrapeProtocol"),
            rule(
                    "(?s)^(?:expected a valid start token, got \"<\" \\(\"INVALID\"\\)|\"INVALID\" \"<\").*",
                    DiagnosticCode.TARGET_NOT_METRICS,
                    "not metrics",
                    "the answer looks like a web page, not metrics; is the path right?"),
            rule(
                    "^(?:gzip: |flate: |zstd: |magic number mismatch|invalid input: magic|received a"
                            + " zstd-compressed response)",
                    DiagnosticCode.TARGET_ENCODING,
                    "can't be uncompressed",
                    "the answer isn't compressed as it says, or in a way that this Prometheus doesn't take"),
            rule(
                    "^(?:missing metric name \\(|invalid metric name|invalid UTF-8|metric name must not be empty"
                            + "|label name must not be empty|(?:invalid )?help text .*is not a valid utf8)",
                    DiagnosticCode.TARGET_BAD_NAME,
                    "invalid metric or label",
                    "a metric's name, label or text isn't allowed; the whole scrape is dropped"),
            rule(
                    "^(?:duplicate sample for timestamp|out of order sample|out of bounds|too old sample"
                            + "|out of order exemplar)",
                    DiagnosticCode.TARGET_SAMPLES_REFUSED,
                    "samples refused",
                    "samples come twice or with a time that doesn't fit; do two jobs scrape this with equal labels?"),
            rule(
                    "(?s)^(?:expected |unexpected (?:data after|carriage return)|linebreak expected|\"[A-Z]+\"(?: \".*\")?"
                            + " is not a valid start token|unsupported character in float|strconv\\.Parse"
                            + "|data does not end with # EOF|invalid metric type|invalid (?:exemplar )?timestamp"
                            + "|unit .*not a suffix of metric|metric name (?:already|not) set|metric name .* does not"
                            + " support exemplars|protobufparse|proto: |invalid (?:label (?:name|value)|help for metric)"
                            + "|unknown metric type|invalid protobuf|duplicate timestamp|counter sample value|info (?:metric|sample)"
                            + "|stateset |invalid start timestamp|timestamp must|error parsing (?:native|classic|summary)"
                            + "|composite value|histogram \".*\": |text format parsing error)",
                    DiagnosticCode.TARGET_PARSE_ERROR,
                    "can't be parsed",
                    "the answer breaks the metrics format at the shown place; try: curl URL | promtool check metrics"));

    /** In requests that failed. Specific before general. */
    private static final List<Rule> REQUESTS = List.of(
            rule(
                    "^proxyconnect |: proxyconnect |Proxy Authentication Required|^Proxy responded",
                    DiagnosticCode.TARGET_PROXY_FAILED,
                    "proxy fails",
                    "the job's proxy can't be reached or refuses"),
            rule(
                    "unable to (?:read|use) (?:the )?(?:authorization|basic auth|bearer|credentials|username|password|oauth2"
                            + "|client|specified client|CA|specified CA)|^oauth2: |cannot fetch token|unable to read file",
                    DiagnosticCode.TARGET_CREDENTIALS_UNAVAILABLE,
                    "no credentials",
                    "Prometheus can't read or fetch the credentials that the job is to send"),
            rule(
                    "server gave HTTP response to HTTPS client|first record does not look like a TLS handshake",
                    DiagnosticCode.TARGET_SPEAKS_HTTP,
                    "plain HTTP, not HTTPS",
                    "plain HTTP is spoken at that port: set scheme to http"),
            rule(
                    "malformed HTTP response \"\\\\x15\\\\x03",
                    DiagnosticCode.TARGET_SPEAKS_TLS,
                    "HTTPS, not plain HTTP",
                    "HTTPS is spoken at that port: set scheme to https"),
            rule(
                    "x509: certificate (?:is valid for|is not valid for any names|relies on legacy Common Name)"
                            + "|x509: cannot validate certificate for \\S* because it doesn't contain any IP SANs"
                            + "|x509: .{0,200} certificate name does not match",
                    DiagnosticCode.TARGET_CERTIFICATE_NAME,
                    m -> "certificate names another host",
                    m -> "the certificate isn't made for " + m.host() + ": set tls.serverName to a name in it"),
            rule(
                    "x509: certificate has expired or is not yet valid|x509: .{0,200} certificate is expired",
                    DiagnosticCode.TARGET_CERTIFICATE_EXPIRED,
                    "certificate expired",
                    "the certificate has expired or isn't valid yet"),
            rule(
                    "x509: certificate signed by unknown authority|x509: .{0,200} certificate is not trusted",
                    DiagnosticCode.TARGET_UNKNOWN_AUTHORITY,
                    "certificate of unknown authority",
                    "nobody whom Prometheus trusts signed the certificate: set tls.ca to the authority's"),
            rule(
                    "remote error: tls: (?:certificate required|bad certificate|unknown certificate|unknown certificate"
                            + " authority|expired certificate|revoked certificate|unsupported certificate|access denied)",
                    DiagnosticCode.TARGET_WANTS_CERTIFICATE,
                    "client certificate refused",
                    "the target lets in only clients with a certificate that it accepts: set tls.cert and tls.key"),
            rule(
                    "TLS handshake timeout",
                    DiagnosticCode.TARGET_TIMEOUT,
                    "timeout",
                    "the target didn't finish the TLS handshake in time"),
            rule(
                    "\\btls: |x509: ",
                    DiagnosticCode.TARGET_TLS_FAILED,
                    "no TLS connection",
                    "Prometheus and the target didn't agree on a TLS connection"),
            rule(
                    "\\blookup (?<name>\\S+?)(?: on \\S+)?: .*|no such host",
                    DiagnosticCode.TARGET_UNKNOWN_HOST,
                    m -> "no such host",
                    m -> "the name " + m.host() + " has no address where Prometheus runs"),
            rule(
                    "connect: connection refused|connectex: No connection could be made",
                    DiagnosticCode.TARGET_CONNECTION_REFUSED,
                    m -> "connection refused",
                    m -> "nothing listens at " + m.host() + ": is the application running, and is the port right?"),
            rule(
                    "context deadline exceeded|i/o timeout|Client\\.Timeout|timeout awaiting response"
                            + "|connect: connection timed out|operation timed out",
                    DiagnosticCode.TARGET_TIMEOUT,
                    "timeout",
                    "the scrape wasn't done within its timeout"),
            rule(
                    "no route to host|network is unreachable|host is down|connect: (?:permission denied|operation not"
                            + " permitted|invalid argument|cannot assign requested address)",
                    DiagnosticCode.TARGET_NO_ROUTE,
                    m -> "unreachable",
                    m -> "there is no way from Prometheus to " + m.host()),
            rule(
                    "stopped after 10 redirects",
                    DiagnosticCode.TARGET_REDIRECTS,
                    "redirects in a circle",
                    "the target redirects again and again; is the path right, down to its last slash?"),
            rule(
                    "\\bEOF$|connection reset by peer|broken pipe|transport connection broken|server closed"
                            + "|malformed HTTP|unexpected EOF|connection was forcibly closed|http2: ",
                    DiagnosticCode.TARGET_CONNECTION_BROKEN,
                    "connection broke",
                    "the target ended the connection before its answer was complete, or doesn't speak HTTP"));

    /** Returns what is to be said of a job that is loaded and whose scrape pool Prometheus couldn't make. */
    public static ScrapeError withoutPool() {
        return new ScrapeError(
                DiagnosticCode.SCRAPE_POOL_FAILED,
                "not set up",
                "Prometheus can't set up its scrapes, most often by a file of its TLS or credentials that can't be read;"
                        + " Prometheus's log says which",
                "");
    }

    /** Returns it in one sentence. */
    public String words() {
        return brief + (hint.isEmpty() ? "" : ": " + hint);
    }

    private static Rule rule(String pattern, DiagnosticCode code, String brief, String hint) {
        return rule(pattern, code, m -> brief, m -> hint);
    }

    private static Rule rule(
            String pattern, DiagnosticCode code, Function<Match, String> brief, Function<Match, String> hint) {
        return new Rule(Pattern.compile(pattern), code, brief, hint);
    }

    /**
     * Returns the failure in words.
     *
     * @param lastError what Prometheus says of the target's last scrape; not empty
     * @param url what it scrapes
     */
    public static ScrapeError of(String lastError, String url) {
        String host = host(url);
        Matcher request = REQUEST.matcher(lastError);
        boolean asked = request.find();
        String text = asked ? lastError.substring(request.end()) : lastError;
        String raw = limited(text, RAW_CHARACTERS);
        Matcher status = STATUS.matcher(text);
        if (status.find()) {
            return answered(Integer.parseInt(status.group(1)), host, raw);
        }
        if (!asked) {
            for (Rule rule : ANSWERS) {
                Matcher matcher = rule.pattern().matcher(text);
                if (matcher.find()) {
                    return made(rule, new Match(matcher, host), raw);
                }
            }
        }
        // Errors while the answer is read have no URL before them, but are the network's all the same.
        for (Rule rule : REQUESTS) {
            Matcher matcher = rule.pattern().matcher(text);
            if (matcher.find()) {
                return made(rule, new Match(matcher, host), raw);
            }
        }
        return new ScrapeError(DiagnosticCode.TARGET_SCRAPE_FAILED, limited(text, 60), "Prometheus says: " + raw, raw);
    }

    private static ScrapeError made(Rule rule, Match match, String raw) {
        return new ScrapeError(
                rule.code(), rule.brief().apply(match), rule.hint().apply(match), raw);
    }

    private static ScrapeError answered(int status, String host, String raw) {
        String brief = "HTTP " + status;
        return switch (status) {
            case 400 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_BAD_REQUEST,
                        brief,
                        "a Django app answers 400 when ALLOWED_HOSTS lacks " + host,
                        raw);
            case 401 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_UNAUTHORIZED,
                        brief,
                        "the target wants credentials, and gets none or wrong ones",
                        raw);
            case 403, 407 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_UNAUTHORIZED, brief, "the target doesn't let this client in", raw);
            case 404, 410 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_NOT_FOUND,
                        brief,
                        "a web server answers, but has no such path: where does the application serve its metrics?",
                        raw);
            case 301, 302, 303, 307, 308 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_REDIRECTS,
                        brief,
                        "the target redirects, and the job doesn't follow: set path and scheme to where it leads",
                        raw);
            case 502, 503, 504 ->
                new ScrapeError(
                        DiagnosticCode.TARGET_SERVER_ERROR,
                        brief,
                        "the application, or a proxy before it, isn't able to answer now",
                        raw);
            default ->
                status >= 500
                        ? new ScrapeError(
                                DiagnosticCode.TARGET_SERVER_ERROR,
                                brief,
                                "the application failed while it made its answer: see its log",
                                raw)
                        : new ScrapeError(
                                DiagnosticCode.TARGET_HTTP_STATUS,
                                brief,
                                "Prometheus takes 200 only: see the application's log",
                                raw);
        };
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "that address" : limited(host.toLowerCase(Locale.ROOT), 255);
        } catch (IllegalArgumentException e) {
            return "that address";
        }
    }

    /** Returns the text on one line, without control characters, shortened. */
    private static String limited(String text, int most) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(most)
                .forEach(c -> line.appendCodePoint(
                        Character.isISOControl(c)
                                        || Character.getType(c) == Character.FORMAT
                                        || Character.getType(c) == Character.SURROGATE
                                ? ' '
                                : c));
        return text.codePointCount(0, text.length()) > most ? line + "..." : line.toString();
    }
}
