package io.narthex.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that can't be had on the loopback address, or that older releases word otherwise (2.42, 2.55, 3.5). */
class ScrapeErrorTest {

    private static final String URL = "http://10.11.0.7:8000/metrics";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "NX3302 | \"INVALID\" is not a valid start token",
                "NX3301 | \"INVALID\" \"<\" is not a valid start token",
                "NX3302 | expected value after metric, got \"MNAME\"",
                "NX3302 | expected timestamp or new record, got \",\"",
                "NX3302 | expected equal, got \"INVALID\"",
                "NX3302 | strconv.ParseFloat: parsing \"1,5\": invalid syntax",
                "NX3302 | unsupported character in float",
                "NX3302 | invalid metric type \"countr\"",
                "NX3302 | proto: MetricFamily: wiretype end group for non-group",
                "NX3302 | data does not end with # EOF",
                "NX3304 | invalid UTF-8 label value",
                "NX3304 | invalid metric name or label names: {__name__=\"a.b\"}",
                "NX3401 | sample limit exceeded",
                "NX3405 | histogram bucket limit exceeded",
                "NX3501 | duplicate sample for timestamp",
                "NX3501 | out of order sample",
                "NX3201 | Get \"https://a\": x509: certificate signed by unknown authority",
                "NX3201 | Get \"https://a\": tls: failed to verify certificate: x509: “a” certificate is not trusted",
                "NX3202 | Get \"https://a\": x509: certificate is valid for b, not a",
                "NX3202 | Get \"https://a\": x509: certificate relies on legacy Common Name field, use SANs instead",
                "NX3202 | Get \"https://10.0.0.1\": x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
                "NX3205 | Get \"https://a\": x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z",
                "NX3207 | Get \"https://a\": remote error: tls: handshake failure",
                "NX3203 | Get \"https://a\": tls: first record does not look like a TLS handshake",
                "NX3206 | Get \"https://a\": remote error: tls: bad certificate",
                "NX3001 | Get \"http://a\": dial tcp [::1]:80: connect: connection refused",
                "NX3002 | Get \"http://a\": dial tcp: lookup a on 10.96.0.10:53: no such host",
                "NX3002 | Get \"http://a\": dial tcp: lookup a on 10.96.0.10:53: server misbehaving",
                "NX3002 | Get \"http://a\": dial tcp: lookup a: i/o timeout",
                "NX3002 | Get \"http://a\": dial tcp: lookup a: Temporary failure in name resolution",
                "NX3003 | Get \"http://a\": context deadline exceeded",
                "NX3003 | Get \"http://a\": dial tcp 10.0.0.1:80: i/o timeout",
                "NX3003 | Get \"http://a\": dial tcp 10.0.0.1:80: connect: connection timed out",
                "NX3003 | Get \"https://a\": net/http: TLS handshake timeout",
                "NX3003 | context deadline exceeded (Client.Timeout or context cancellation while reading body)",
                "NX3004 | Get \"http://a\": dial tcp 10.0.0.1:80: connect: no route to host",
                "NX3004 | Get \"http://a\": dial tcp 10.0.0.1:80: connect: network is unreachable",
                "NX3005 | Get \"http://a\": EOF",
                "NX3005 | unexpected EOF",
                "NX3005 | Get \"http://a\": read tcp 10.0.0.2:5->10.0.0.1:80: read: connection reset by peer",
                "NX3006 | Get \"https://a\": Proxy Authentication Required",
                "NX3007 | Get \"http://a\": unable to read authorization credentials file /x: open /x: permission denied",
                "NX3007 | Get \"http://a\": unable to read basic auth password file /x: open /x: no such file or directory",
                "NX3007 | Get \"http://a\": oauth2: cannot fetch token: 401 Unauthorized",
                "NX3105 | Get \"http://a\": stopped after 10 redirects",
                "NX3104 | server returned HTTP status 502 Bad Gateway",
                "NX3103 | server returned HTTP status 410 Gone",
                "NX3106 | server returned HTTP status 204 No Content",
                "NX3999 | something new",
            })
    void isRecognised(String code, String lastError) {
        ScrapeError error = ScrapeError.of(lastError, URL);
        assertThat(error.code().id()).isEqualTo(code);
        assertThat(error.brief()).isNotBlank();
        assertThat(error.hint()).isNotBlank();
    }

    @Test
    void aUrlThatSpeaksOfErrorsDeceivesNobody() {
        ScrapeError error = ScrapeError.of(
                "Get \"http://a/connection refused?x=\\\": EOF&no such host\": context deadline exceeded", URL);
        assertThat(error.code().id()).isEqualTo("NX3003");
        assertThat(error.raw()).isEqualTo("context deadline exceeded");
    }

    @Test
    void namesTheHostThatDjangoDoesNotKnow() {
        ScrapeError error = ScrapeError.of("server returned HTTP status 400 Bad Request", URL);
        assertThat(error.brief()).isEqualTo("HTTP 400");
        assertThat(error.hint()).isEqualTo("a Django app answers 400 when ALLOWED_HOSTS lacks 10.11.0.7");
    }

    @Test
    void staysOnOneShortLineWhateverTheTargetSends() {
        ScrapeError error = ScrapeError.of("new\u001b[31m\n\u202e" + "x".repeat(10_000), "not a url \u0000");
        assertThat(error.raw()).hasSizeLessThan(500).doesNotContain("\u001b", "\n", "\u202e");
        assertThat(error.brief()).hasSizeLessThan(100).doesNotContain("\u001b", "\n");
    }
}
