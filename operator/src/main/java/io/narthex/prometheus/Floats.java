package io.narthex.prometheus;

/** Reads numbers as Prometheus writes them. */
final class Floats {

    private Floats() {}

    /** @throws ApiReader.Unexpected when it is no number */
    static double parse(String text) throws ApiReader.Unexpected {
        return switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw new ApiReader.Unexpected("a number expected");
                }
            }
        };
    }
}
