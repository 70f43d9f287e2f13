package io.narthex.cli;

import java.net.URI;

/** Reads URLs of the command line. */
final class Urls {

    private Urls() {}

    /**
     * Returns the URL of a host and port that {@code option} names, without a slash at the end.
     *
     * @param example how it might be written
     * @throws Failure where it has a user, a query or nothing to dial
     */
    static URI of(String option, String text, String example) {
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below; the runtime's message would quote what may hold a password.
        }
        throw Failure.usage(option + " is no URL with a host", "write it as " + example);
    }
}
