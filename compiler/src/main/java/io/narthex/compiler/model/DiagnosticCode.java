package io.narthex.compiler.model;

import java.util.Locale;

/**
 * The stable codes of all diagnostics. A code is never given another meaning; one that is no longer used stays
 * reserved.
 *
 * <p>Each has a page, {@code diagnostics/NXnnnn.md} among this module's resources, from which {@code
 * docs/diagnostics.md} and {@code narthex explain} are made.
 */
public enum DiagnosticCode {
    // NX1000-1099: files and YAML.
    /** The file holds something else than text. */
    FILE_NOT_TEXT(1001, Severity.ERROR, "the file is not text"),
    /** The file's bytes are not UTF-8. */
    FILE_NOT_UTF8(1002, Severity.ERROR, "the file is not UTF-8"),
    /** The file holds no resource. */
    FILE_EMPTY(1003, Severity.WARNING, "the file holds no resource"),
    /** A line is indented with tabs. */
    TAB_INDENTATION(1004, Severity.ERROR, "tabs indent a line"),
    /** The text is not YAML. */
    YAML_SYNTAX(1005, Severity.ERROR, "the text is not YAML"),
    /** A mapping holds the same key twice. */
    DUPLICATE_KEY(1006, Severity.ERROR, "a key is set twice"),
    /** An alias names no anchor. */
    ALIAS_UNKNOWN(1007, Severity.ERROR, "an alias names no anchor"),
    /** The aliases of a file would make too much of it. */
    ALIASES_EXPAND(1008, Severity.ERROR, "aliases expand to too much"),
    /** Mappings and lists nest too deeply. */
    NESTED_TOO_DEEPLY(1009, Severity.ERROR, "the nesting is too deep"),
    /** A control character stands in the text. */
    CONTROL_CHARACTER(1010, Severity.ERROR, "a control character stands in the text"),
    /** An invisible character makes the text look other than it is. */
    HIDDEN_CHARACTER(1011, Severity.ERROR, "a hidden character stands in the text"),
    /** The text is a template for YAML. */
    TEMPLATE_BRACES(1012, Severity.ERROR, "template braces stand in the text"),
    /** A key is no text. */
    KEY_NOT_TEXT(1013, Severity.ERROR, "a key is not a text"),
    /** A YAML tag can't be applied. */
    YAML_TAG(1014, Severity.ERROR, "a YAML tag can't be applied"),
    /** More problems than are shown. */
    TOO_MANY_PROBLEMS(1015, Severity.INFO, "not all problems are shown"),
    /** The folder or file that was named isn't there. */
    INPUT_MISSING(1050, Severity.ERROR, "there is no such file or folder"),
    /** A file can't be opened. */
    FILE_UNREADABLE(1051, Severity.ERROR, "the file can't be read"),
    /** The file is larger than what is read. */
    FILE_TOO_LARGE(1052, Severity.ERROR, "the file is too large"),
    /** A link leads in circles. */
    LINK_CYCLE(1053, Severity.WARNING, "the link leads in circles"),
    /** A folder lies too far down. */
    FOLDER_TOO_DEEP(1054, Severity.WARNING, "the folder lies too far down"),
    /** A folder holds more files than are read. */
    FOLDER_TOO_LARGE(1055, Severity.ERROR, "the folder holds too many files"),
    /** Two resources of the same kind, namespace and name. */
    DUPLICATE_RESOURCE(1056, Severity.ERROR, "the resource is declared twice"),

    // NX1100-1199: a resource's shape: kinds, fields, types, what the schema allows.
    /** A document is a list or a single value. */
    NOT_A_RESOURCE(1101, Severity.ERROR, "the document is no resource"),
    /** A document lacks apiVersion or kind. */
    KIND_MISSING(1102, Severity.ERROR, "apiVersion or kind is missing"),
    /** The apiVersion isn't one that Narthex has. */
    API_VERSION_UNKNOWN(1103, Severity.ERROR, "the apiVersion is unknown"),
    /** The kind isn't one that Narthex has. */
    KIND_UNKNOWN(1104, Severity.ERROR, "the kind is unknown"),
    /** The kind is one of monitoring.coreos.com. */
    KIND_NOT_READ(1105, Severity.ERROR, "the kind isn't read yet"),
    /** The kind belongs to somebody else. */
    KIND_FOREIGN(1106, Severity.WARNING, "the kind belongs to another program"),
    /** A field isn't in the schema. */
    FIELD_UNKNOWN(1107, Severity.ERROR, "the field is unknown"),
    /** A value has another type than its field. */
    TYPE_WRONG(1108, Severity.ERROR, "the value has the wrong type"),
    /** A field that must be there isn't. */
    FIELD_MISSING(1109, Severity.ERROR, "a required field is missing"),
    /** A value isn't among those allowed. */
    VALUE_NOT_ALLOWED(1110, Severity.ERROR, "the value is not among those allowed"),
    /** A text hasn't the form that its field asks for. */
    TEXT_FORM(1111, Severity.ERROR, "the text has the wrong form"),
    /** A text is too short or too long. */
    TEXT_LENGTH(1112, Severity.ERROR, "the text has the wrong length"),
    /** A list or a map has too few or too many elements. */
    COUNT_OUT_OF_RANGE(1113, Severity.ERROR, "there are too few or too many elements"),
    /** A number is too small or too large. */
    NUMBER_OUT_OF_RANGE(1114, Severity.ERROR, "the number is out of range"),
    /** Two elements of a list are the same, or have the same name. */
    ENTRY_DUPLICATE(1115, Severity.ERROR, "an element of a list appears twice"),
    /** A field is named but given no value. */
    VALUE_ABSENT(1116, Severity.WARNING, "a field has no value"),
    /** The resource has no name. */
    NAME_MISSING(1117, Severity.ERROR, "the resource has no name"),
    /** The name of the resource or its namespace isn't one that Kubernetes allows. */
    NAME_INVALID(1118, Severity.ERROR, "the name is not allowed"),
    /** A label or an annotation isn't one that Kubernetes allows. */
    LABEL_INVALID(1119, Severity.ERROR, "a label or annotation is not allowed"),
    /** A text that YAML reads as a number or a boolean, for want of quotes. */
    QUOTES_MISSING(1120, Severity.ERROR, "a text lacks quotes"),
    /** Fields contradict each other, or one needs another. */
    RULE_BROKEN(1121, Severity.ERROR, "the fields don't fit together"),
    /** The resource fits its schema but can't be read all the same. */
    NOT_BOUND(1122, Severity.ERROR, "the resource can't be read"),

    // NX1200-1299: Monitors.
    /** A Monitor's source can't be served: the platform lacks what it needs, or this release of Narthex doesn't know it yet. */
    SOURCE_NOT_SERVED(1201, Severity.ERROR, "the source can't be served here"),
    /** The Monitor is valid, but the selectors of every PrometheusServer pass it by, so nothing is scraped for it. */
    MONITOR_UNSELECTED(1202, Severity.WARNING, "no server takes the Monitor"),
    /** An endpoint's name is part of its scrape job's name, which must be unique. */
    DUPLICATE_ENDPOINT(1203, Severity.ERROR, "two endpoints have the same name"),
    /** An endpoint's timeout is longer than its interval. */
    TIMEOUT_EXCEEDS_INTERVAL(1204, Severity.ERROR, "timeout is longer than the interval"),
    /** A value has the right type, but Prometheus could do nothing with it: a duration of 0, a URL that is none, a path with a question mark. */
    INVALID_VALUE(1205, Severity.ERROR, "a value can't be used"),
    /** Each action of relabeling needs some fields and takes no others, and labels must have valid names (Prometheus documentation, "relabel_config"). */
    INVALID_RELABELING(1206, Severity.ERROR, "a relabeling step doesn't fit together"),
    /** Prometheus reads regular expressions as RE2, which has no look-around and no back-references. */
    INVALID_REGEX(1207, Severity.ERROR, "a regular expression is not RE2"),
    /** The label's name isn't valid, or the label is one that Prometheus or Narthex sets. */
    INVALID_LABEL(1208, Severity.ERROR, "a label can't be given to targets"),
    /** A target is a host with or without a port; scheme and path belong to the endpoint. */
    INVALID_TARGET(1209, Severity.ERROR, "a target is no address"),
    /** The same address stands twice among a Monitor's targets. */
    DUPLICATE_TARGET(1210, Severity.WARNING, "a target is listed twice"),
    /** The source tells no ports, or no names of ports, so the endpoint must give a number. */
    PORT_UNUSABLE(1211, Severity.ERROR, "the port can't be used with this source"),
    /** Scrape jobs are divided among 64 files of at most 512 KiB each; this job, among the largest of its file, doesn't fit any more. */
    JOB_TOO_LARGE(1212, Severity.ERROR, "the job doesn't fit"),
    /** A Monitor has exactly one source, with at least one target, name or file. */
    SOURCE_UNCLEAR(1213, Severity.ERROR, "the source is missing or not the only one"),
    /** The PrometheusServer sets {@code tenancy.minScrapeInterval} for Monitors of other namespaces; this endpoint asks for less. */
    INTERVAL_RAISED(1214, Severity.WARNING, "the interval is shorter than the server grants"),

    // NX1300-1399: PrometheusServers.
    /** A setting has the right type, but Prometheus would refuse to start or to load its configuration. */
    INVALID_SERVER_VALUE(1301, Severity.ERROR, "a setting of the server can't be used"),
    /** Some flags are what Narthex works with, others have a field in the PrometheusServer; neither can be set in extraFlags. */
    FLAG_OWNED(1302, Severity.ERROR, "the flag is Narthex's own"),
    /** The setting means something on another platform, or another setting takes its place. */
    SETTING_IGNORED(1303, Severity.INFO, "the setting has no meaning here"),
    /** The PrometheusServer asks for a release; a local run uses the program that it finds, and writes for that. */
    VERSION_DIFFERS(1304, Severity.INFO, "another release of Prometheus is at hand"),
    /** An agent only scrapes and sends on: it has no rules, alerts, queries and retention, and Prometheus refuses their settings. */
    AGENT_CONFLICT(1305, Severity.ERROR, "an agent can't do this"),
    /** A server of the mode External is served on Docker only; elsewhere nothing is made for it. */
    SERVER_NOT_RUN(1306, Severity.INFO, "the server is run by somebody else"),
    /** Elements of alertmanagers, remoteWrite, remoteRead and users are told apart by their names. */
    DUPLICATE_NAME(1307, Severity.ERROR, "two elements have the same name"),
    /** What is to be compiled for isn't among the resources. */
    SERVER_MISSING(1308, Severity.ERROR, "the server isn't declared"),
    /** The secret of {@code additionalScrapeConfigs} holds a YAML list of scrape configurations in Prometheus's own form. */
    ADDITIONAL_SCRAPES_INVALID(1309, Severity.ERROR, "the additional scrape configurations can't be read"),

    /** The overlay of a server's pods changes what Narthex works with, or makes no pod template. */
    POD_TEMPLATE_REFUSED(1310, Severity.ERROR, "the pod template can't be applied"),
    /** A setting that means something on this platform isn't built; it is refused rather than ignored. */
    SETTING_NOT_SERVED(1311, Severity.ERROR, "the setting can't be served here"),

    /** Between claimed volumes and others there is no way that keeps a server's samples. */
    STORAGE_CHANGE_REFUSED(1312, Severity.ERROR, "the storage can't be changed so"),

    /** What is written goes by the release, which the image's tag doesn't say, or says otherwise than the resource. */
    IMAGE_RELEASE_UNCLEAR(1313, Severity.WARNING, "the release of the image isn't clear"),

    /** Pods run as an account that has to be there, with its rights, before they are made. */
    SERVICE_ACCOUNT_REFUSED(1314, Severity.ERROR, "the service account can't be had"),

    /** A shorter retention would delete samples, which the resource has to allow. */
    DATA_LOSS_REFUSED(1315, Severity.ERROR, "the change would delete samples"),

    /** Pods in the network of their nodes are beyond NetworkPolicies, and Prometheus's API can stop it. */
    LIFECYCLE_EXPOSED(1316, Severity.WARNING, "whoever reaches the node can stop the server"),

    /** A folder declares several PrometheusServers, or not the one that was asked for. */
    SERVER_NOT_CHOSEN(1350, Severity.WARNING, "the server isn't the one that runs"),

    // NX1400-1499: RuleSets.
    /** The RuleSet is valid, but the selectors of every PrometheusServer pass it by, so nothing is evaluated. */
    RULESET_UNSELECTED(1401, Severity.WARNING, "no server takes the RuleSet"),
    /** A rule is an alert or a recorded series, with an expression and labels of valid names. */
    INVALID_RULE(1402, Severity.ERROR, "a rule can't be used"),
    /** A group's name is unique in its RuleSet. */
    DUPLICATE_GROUP(1403, Severity.ERROR, "two groups have the same name"),
    /** A duration or a text of a rule or group has a form that Prometheus refuses. */
    INVALID_RULE_VALUE(1404, Severity.ERROR, "a value of a rule can't be used"),
    /** Prometheus parses the templates of labels and annotations when it loads rules. */
    INVALID_TEMPLATE(1405, Severity.ERROR, "a template can't be parsed"),
    /** Two rules of a group have the same name, expression and labels. */
    DUPLICATE_RULE(1406, Severity.WARNING, "a rule stands twice in its group"),
    /** The server that takes the RuleSet is an agent, which only scrapes and sends on. */
    RULES_IN_AGENT(1407, Severity.WARNING, "an agent evaluates no rules"),
    /** The PrometheusServer enforces labels on other namespaces. */
    RULES_NOT_CONFINED(1408, Severity.ERROR, "the rules can't be confined to enforced labels"),
    /** Rules are divided among files of at most 512 KiB each; this RuleSet, the largest of its file, doesn't fit any more. */
    RULES_TOO_LARGE(1409, Severity.ERROR, "the RuleSet doesn't fit"),
    /** Prometheus's own parser refuses a rule's expression. */
    INVALID_QUERY(1410, Severity.ERROR, "an expression is not PromQL"),

    // NX1500-1599: credentials and trust.
    /** A resource refers to a secret, or to an entry of one, that isn't there. */
    CREDENTIAL_MISSING(1501, Severity.ERROR, "the credential doesn't exist"),
    /** Relabeling of {@code __address__}, {@code __scheme__}, {@code __metrics_path__} or {@code __param_*}, or a proxy, decides where a request goes, and the endpoint sends credentials along. */
    CREDENTIAL_REDIRECTED(1502, Severity.ERROR, "credentials could be sent elsewhere"),
    /** Paths of files that Prometheus reads stay denied unless the PrometheusServer permits them, since any readable file could be sent anywhere. */
    FILE_ACCESS_DENIED(1503, Severity.ERROR, "the resource may not name this file"),
    /** A credential is given by exactly one of its fields, with a name that can be one of a secret. */
    CREDENTIAL_UNCLEAR(1504, Severity.ERROR, "it isn't clear which credential is meant"),
    /** A certificate is taken from a ConfigMap, which only Kubernetes has. */
    CONFIG_MAP_UNAVAILABLE(1505, Severity.ERROR, "there are no ConfigMaps here"),
    /** A request carries one kind of authentication. */
    AUTH_AMBIGUOUS(1506, Severity.ERROR, "several kinds of authentication are set"),
    /** The PrometheusServer limits with {@code tenancy.allowedSources} what Monitors of other namespaces may use. */
    SOURCE_DENIED(1507, Severity.ERROR, "the server doesn't let others use this source"),
    /** Users of the web interface are known by bcrypt hashes of their passwords, never by the passwords. */
    PASSWORD_HASH_INVALID(1508, Severity.ERROR, "the secret holds no bcrypt hash"),
    /** A secret holds no certificate, or no private key, that TLS could use. */
    CERTIFICATE_INVALID(1509, Severity.ERROR, "the certificate or key can't be read"),
    /** Users of the web interface whose names begin like Narthex's own are refused. */
    USER_NAME_RESERVED(1510, Severity.ERROR, "the user's name is one of Narthex's own"),
    /** Narthex adds its own certificate to the authorities of clients, and can't where they stand in a file that only Prometheus reads. */
    CLIENT_CA_NOT_AT_HAND(1511, Severity.ERROR, "the clients' authorities are not at hand"),
    /** Docker never gives out the content of a secret, so it can only be mounted whole. */
    CREDENTIAL_NOT_READABLE(1512, Severity.ERROR, "the content of the Docker secret isn't at hand"),
    /** Discovery goes no further than the namespaces that agreed to be monitored by the server. */
    NAMESPACE_NOT_VISIBLE(1513, Severity.WARNING, "a namespace is named that the server may not see"),
    /** In pods a credential has at most 256 KiB, and all of a server 5 MiB; the namespace that adds most has to do with less. */
    CREDENTIAL_TOO_LARGE(1514, Severity.ERROR, "the credential doesn't fit"),
    /** Nodes are in no namespace, so that only servers that see the whole cluster can discover them or read their labels. */
    NODES_NOT_VISIBLE(1515, Severity.ERROR, "the source needs nodes, which the server may not see"),
    /** A credential stands in the resource itself. The line that holds it must never be shown. */
    CREDENTIAL_INLINE(1520, Severity.ERROR, "a credential stands in the resource"),

    /** A credential's file can be read by others than its owner. */
    CREDENTIAL_FILE_OPEN(1550, Severity.WARNING, "other users may read the credential's file"),
    /** A credential's file can't be read. */
    CREDENTIAL_FILE_UNREADABLE(1551, Severity.ERROR, "the credential's file can't be read"),

    // NX1600-1699: what the version of Prometheus can't do.
    /** The release lacks a field; the field is left out. */
    FIELD_NOT_IN_VERSION(1601, Severity.WARNING, "the Prometheus release lacks the field"),
    /** The release has the field but not this value of it; the value is left out. */
    VALUE_NOT_IN_VERSION(1602, Severity.WARNING, "the Prometheus release lacks the value"),
    /** The release lacks a flag; the flag is left out. */
    FLAG_NOT_IN_VERSION(1603, Severity.WARNING, "the Prometheus release lacks the flag"),
    /** The release lacks a feature of {@code --enable-feature}; the feature is left out. */
    FEATURE_NOT_IN_VERSION(1604, Severity.WARNING, "the Prometheus release lacks the feature"),
    /** The release is newer than the version table. */
    VERSION_NEWER_THAN_KNOWN(1605, Severity.WARNING, "the Prometheus release is newer than what is known"),
    /** The release is older than what is supported. */
    VERSION_TOO_OLD(1606, Severity.ERROR, "the Prometheus release is too old"),
    /** The release lacks something without which the rest would be wrong, or less safe than what was asked for. */
    NEEDED_NOT_IN_VERSION(1607, Severity.ERROR, "the Prometheus release lacks what can't be left out"),
    /** The release sends credentials wherever a redirect leads, so redirects aren't followed. */
    REDIRECTS_NOT_FOLLOWED(1610, Severity.INFO, "redirects are not followed, to keep credentials in place"),

    // NX1700-1749: the labels of a Swarm's services.
    /** Docker keeps labels of the service and of its containers apart; those of the service are read first. */
    LABEL_ON_CONTAINER(1701, Severity.WARNING, "a label stands on the container"),
    /** In a list of labels, quotes around the value alone become part of it. */
    LABEL_QUOTED(1702, Severity.WARNING, "quotes stand in a label's value"),
    /** A label that is true or false has another word for it. */
    LABEL_BOOLEAN(1703, Severity.WARNING, "a label is neither true nor false but means one"),
    /** A label under {@code prometheus.io/} isn't one that Narthex knows. */
    LABEL_UNKNOWN(1704, Severity.WARNING, "a label is unknown"),
    /** A label's value or name can't be used; the endpoint is left out. */
    LABEL_VALUE_INVALID(1705, Severity.ERROR, "a label's value can't be used"),
    /** Two labels say different things of the same setting; one of them counts. */
    LABELS_CONFLICT(1706, Severity.WARNING, "labels contradict each other"),
    /** Settings are given but nothing asks for a scrape. */
    LABELS_WITHOUT_SCRAPE(1707, Severity.WARNING, "labels are there, but nothing asks for a scrape"),
    /** No port is named, and there isn't exactly one. */
    LABEL_PORT_UNCLEAR(1708, Severity.ERROR, "it isn't clear which port is to be scraped"),
    /** Labels of targets that say where they come from can't be set by services. */
    LABEL_PROTECTED(1709, Severity.ERROR, "the label can't be set by a service"),
    /** A label names a Docker secret that doesn't say that it may. */
    SECRET_NOT_EXPOSED(1710, Severity.ERROR, "the Docker secret isn't exposed to the service"),
    /** A service declares more than is read. */
    LABELS_TOO_MANY(1711, Severity.ERROR, "a service's labels declare too much"),
    /** The server enforces labels, so alerts come from RuleSets only. */
    ALERTS_BY_LABEL_REFUSED(1712, Severity.ERROR, "the server takes no alerts from labels"),
    /** A stack's file took a variable out of a template. */
    LABEL_DOLLAR_LOST(1713, Severity.WARNING, "a template has lost a $"),
    /** A label names a network that the service isn't in. */
    LABEL_NETWORK_UNKNOWN(1714, Severity.ERROR, "the service isn't in the network that is named"),
    /** A service's labels name a PrometheusServer that isn't there. */
    SERVICE_UNSELECTED(1715, Severity.WARNING, "no server takes the service"),
    /** An alert's labels lack the expression. */
    ALERT_INCOMPLETE(1716, Severity.ERROR, "an alert has no expression"),
    /** A label of another program has no counterpart. */
    LABEL_NOT_TRANSLATED(1717, Severity.WARNING, "a label of another program can't be taken over"),
    /** Two endpoints of a service scrape the same, or under the same name. */
    ENDPOINTS_COLLIDE(1718, Severity.ERROR, "two endpoints of a service collide"),

    // NX1750-1799: targets in a Swarm: which of a service's tasks can be scraped.
    /** Prometheus can reach a service's tasks only in a network that both have joined. */
    NO_SHARED_NETWORK(1750, Severity.ERROR, "the service shares no network with Prometheus"),
    /** The network that an endpoint names isn't one that Prometheus has joined. */
    NETWORK_NOT_JOINED(1751, Severity.ERROR, "Prometheus hasn't joined the network that is named"),
    /** Some tasks of a service run without an address in the network that is used, as while an update adds the network. */
    TASK_NOT_IN_NETWORK(1752, Severity.WARNING, "a task isn't in the network"),
    /** The address of a node isn't known, and the targets are reached by it. */
    NODE_ADDRESS_UNKNOWN(1753, Severity.WARNING, "a node has no address"),
    /** A Monitor and labels, or two Monitors, declare the same target. */
    TARGET_DECLARED_TWICE(1754, Severity.WARNING, "the same target is declared twice"),
    /** A Monitor names a service that isn't there, or selects none. */
    NO_SUCH_SERVICE(1755, Severity.WARNING, "there is no such service"),
    /** A Monitor's endpoint names no port, and the service doesn't have exactly one. */
    SERVICE_PORT_UNCLEAR(1756, Severity.ERROR, "it isn't clear which port of the service is meant"),
    /** A service has more tasks than the server grants targets. */
    TOO_MANY_TARGETS(1757, Severity.ERROR, "a service has more targets than the server grants"),

    // NX2000-2999: rolling out.

    /** Prometheus refuses what a resource became. */
    REFUSED_BY_PROMETHEUS(2050, Severity.ERROR, "Prometheus refuses what the resource became"),

    // NX3000-3999: targets, as Prometheus reports them.
    /** No process accepts connections at the target's address and port. */
    TARGET_CONNECTION_REFUSED(3001, Severity.WARNING, "nothing listens at the target's port"),
    /** The target's host name can't be resolved. */
    TARGET_UNKNOWN_HOST(3002, Severity.WARNING, "the target's name has no address"),
    /** The scrape took longer than its timeout. */
    TARGET_TIMEOUT(3003, Severity.WARNING, "the target doesn't answer in time"),
    /** The network or host of the target can't be reached. */
    TARGET_NO_ROUTE(3004, Severity.WARNING, "there is no way to the target's address"),
    /** The connection ended before the answer was complete. */
    TARGET_CONNECTION_BROKEN(3005, Severity.WARNING, "the target breaks the connection"),
    /** The proxy that the job names refused or can't be reached. */
    TARGET_PROXY_FAILED(3006, Severity.WARNING, "the proxy to the target fails"),
    /** Prometheus couldn't read or fetch the credentials of the job. */
    TARGET_CREDENTIALS_UNAVAILABLE(3007, Severity.WARNING, "the job's credentials can't be had"),
    /** Prometheus has loaded a job and couldn't make what scrapes its targets. */
    SCRAPE_POOL_FAILED(3008, Severity.WARNING, "Prometheus can't set up the job's scrapes"),
    /** A target answers 400: for a Django application its ALLOWED_HOSTS. */
    TARGET_BAD_REQUEST(3101, Severity.WARNING, "the target answers HTTP 400"),
    /** A target answers 401, 403 or 407. */
    TARGET_UNAUTHORIZED(3102, Severity.WARNING, "the target doesn't let Prometheus in"),
    /** A target answers 404 or 410. */
    TARGET_NOT_FOUND(3103, Severity.WARNING, "the target has no metrics at that path"),
    /** A target answers 5xx. */
    TARGET_SERVER_ERROR(3104, Severity.WARNING, "the target fails to make its metrics"),
    /** A target answers 3xx that isn't followed, or redirects in a circle. */
    TARGET_REDIRECTS(3105, Severity.WARNING, "the target redirects elsewhere"),
    /** A target answers a status other than 200 that has no code of its own. */
    TARGET_HTTP_STATUS(3106, Severity.WARNING, "the target answers with an unexpected HTTP status"),
    /** The target's TLS certificate isn't signed by a trusted authority. */
    TARGET_UNKNOWN_AUTHORITY(3201, Severity.WARNING, "the target's certificate comes from an unknown authority"),
    /** The target's TLS certificate isn't valid for the name that is dialled. */
    TARGET_CERTIFICATE_NAME(3202, Severity.WARNING, "the target's certificate names another host"),
    /** HTTPS is used at a port that speaks plain HTTP. */
    TARGET_SPEAKS_HTTP(3203, Severity.WARNING, "the target speaks plain HTTP, not HTTPS"),
    /** Plain HTTP is used at a port that speaks TLS. */
    TARGET_SPEAKS_TLS(3204, Severity.WARNING, "the target speaks HTTPS, not plain HTTP"),
    /** The target's TLS certificate is expired or not valid yet. */
    TARGET_CERTIFICATE_EXPIRED(3205, Severity.WARNING, "the target's certificate isn't valid at this time"),
    /** The target asks for a client certificate that it accepts. */
    TARGET_WANTS_CERTIFICATE(3206, Severity.WARNING, "the target doesn't take the client's certificate"),
    /** TLS fails for a reason that has no code of its own. */
    TARGET_TLS_FAILED(3207, Severity.WARNING, "no TLS connection to the target"),
    /** The answer's content type isn't a metrics format, or it is a web page. */
    TARGET_NOT_METRICS(3301, Severity.WARNING, "the target answers something else than metrics"),
    /** The answer breaks the rules of the metrics format. */
    TARGET_PARSE_ERROR(3302, Severity.WARNING, "the target's metrics can't be parsed"),
    /** The answer's content encoding is wrong or not supported. */
    TARGET_ENCODING(3303, Severity.WARNING, "the target's answer is compressed in a way that can't be read"),
    /** A metric has no name, or a name, label or text that isn't allowed. */
    TARGET_BAD_NAME(3304, Severity.WARNING, "the target's metrics have invalid names or labels"),
    /** limits.samples is exceeded. */
    TARGET_SAMPLE_LIMIT(3401, Severity.WARNING, "the target has more samples than allowed"),
    /** limits.bodySize is exceeded. */
    TARGET_BODY_SIZE_LIMIT(3402, Severity.WARNING, "the target's answer is longer than allowed"),
    /** A limit on the number or length of labels is exceeded. */
    TARGET_LABEL_LIMIT(3403, Severity.WARNING, "a metric of the target has more or longer labels than allowed"),
    /** limits.targets is exceeded. */
    TARGET_LIMIT(3404, Severity.WARNING, "the job has more targets than allowed"),
    /** The limit on native histogram buckets is exceeded. */
    TARGET_BUCKET_LIMIT(3405, Severity.WARNING, "a native histogram of the target has more buckets than allowed"),
    /** Samples are duplicates, out of order or out of bounds. */
    TARGET_SAMPLES_REFUSED(3501, Severity.WARNING, "Prometheus doesn't take the target's samples"),
    /** A scrape fails in a way that has no code of its own. */
    TARGET_SCRAPE_FAILED(3999, Severity.WARNING, "the scrape fails"),

    // NX4000-4999: the environment: programs, ports, access.
    /** No Prometheus was found where it was looked for. */
    PROMETHEUS_NOT_FOUND(4001, Severity.ERROR, "there is no Prometheus to run"),
    /** The named program can't be run or isn't a Prometheus. */
    PROMETHEUS_UNUSABLE(4002, Severity.ERROR, "the program isn't a Prometheus that can be run"),
    /** The release of the program is older than the oldest that is supported. */
    PROMETHEUS_TOO_OLD(4003, Severity.ERROR, "the Prometheus is too old"),
    /** Another process listens at the address that Prometheus is to listen at. */
    PORT_IN_USE(4004, Severity.ERROR, "the port is in use"),
    /** The listen address isn't one of this machine's, or needs rights that the user lacks. */
    ADDRESS_UNUSABLE(4005, Severity.ERROR, "Prometheus can't listen at that address"),
    /** Another narthex holds the lock of the state folder. */
    STATE_FOLDER_IN_USE(4006, Severity.ERROR, "another run uses the state folder"),
    /** The state folder can't be made, read or written. */
    STATE_FOLDER_UNUSABLE(4007, Severity.ERROR, "the state folder can't be used"),
    /** An earlier narthex was killed and left its Prometheus, which was stopped. */
    ORPHAN_STOPPED(4008, Severity.INFO, "a Prometheus that an earlier run left was stopped"),
    /** A process that no narthex recorded uses the data folder. */
    DATA_FOLDER_IN_USE(4009, Severity.ERROR, "another process uses the data folder"),
    /** Prometheus ended by itself several times in a row, shortly after its start. */
    CRASH_LOOP(4010, Severity.ERROR, "Prometheus ends again and again"),
    /** A stop took longer than its limit. */
    PROMETHEUS_KILLED(4011, Severity.WARNING, "Prometheus didn't stop in time and was killed"),
    /** The operating system isn't one that run works on. */
    PLATFORM_UNSUPPORTED(4014, Severity.ERROR, "Prometheus can't be run from Narthex on this system"),
    /** The file that keeps what Narthex comes to Prometheus with was unusable, so it was made anew. */
    OPERATOR_IDENTITY_RENEWED(4015, Severity.WARNING, "Narthex's own user was made anew"),
    /** A Swarm's node that is to run a server has no image of it, and its registry doesn't give it one. */
    IMAGE_NOT_AVAILABLE(4016, Severity.ERROR, "a node can't get the server's image"),
    /** A server's port is to be published on every node of a Swarm, and the kernel lacks what that takes. */
    ROUTING_MESH_DEAD(4017, Severity.WARNING, "a service doesn't answer at its virtual address"),

    // NX5000-5099: importing.
    /** What is imported isn't a configuration of Prometheus. */
    IMPORT_NO_CONFIG(5001, Severity.ERROR, "the file is no configuration of Prometheus"),
    /** What is imported has a field that Prometheus would refuse. */
    IMPORT_FIELD_UNKNOWN(5002, Severity.ERROR, "Prometheus doesn't know the field"),
    /** What is imported has a list, a mapping or a text where Prometheus takes something else. */
    IMPORT_VALUE_WRONG(5003, Severity.ERROR, "a value is of the wrong kind"),
    /** The compose file doesn't start one Prometheus, or demands variables that aren't set. */
    IMPORT_COMPOSE(5004, Severity.ERROR, "the compose file can't be taken over");

    private final String id;
    private final Severity severity;
    private final String title;

    DiagnosticCode(int number, Severity severity, String title) {
        this.id = String.format(Locale.ROOT, "NX%04d", number);
        this.severity = severity;
        this.title = title;
    }

    /** Returns the code as users see it, such as {@code NX1204}. */
    public String id() {
        return id;
    }

    /** Returns the usual severity. */
    public Severity severity() {
        return severity;
    }

    /** Returns what the code means in a few words, without a capital or a full stop. */
    public String title() {
        return title;
    }
}
