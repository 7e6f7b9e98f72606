package org.evergrant;

/** Text from outside, made safe for a message: quoted, control characters replaced, cut. */
final class Quote {
    private static final int LONGEST = 120;

    private Quote() {}

    static String cut(String text) {
        String clean = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return "'" + clean.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
