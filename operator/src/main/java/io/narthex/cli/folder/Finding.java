package io.narthex.cli.folder;

/**
 * What one check of the environment found.
 *
 * @param grade whether it is as it must be
 * @param subject what was looked at, a word
 * @param text what was found, a phrase
 * @param remedy what to do, an imperative phrase; empty where nothing is to do
 */
record Finding(Grade grade, String subject, String text, String remedy) {

    /** Whether something is as it must be. */
    enum Grade {
        /** It is. */
        OK("ok"),
        /** It works, but not as well as it could. */
        WARN("warn"),
        /** Narthex can't run a Prometheus like this. */
        FAIL("FAIL");

        private final String word;

        Grade(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static Finding ok(String subject, String text) {
        return new Finding(Grade.OK, subject, text, "");
    }

    static Finding warn(String subject, String text, String remedy) {
        return new Finding(Grade.WARN, subject, text, remedy);
    }

    static Finding fail(String subject, String text, String remedy) {
        return new Finding(Grade.FAIL, subject, text, remedy);
    }
}
