package org.evergrant;

import java.util.regex.Pattern;

/** Text from outside, made safe for a message: quoted, what is not plain text replaced, cut. */
final class Quote {
    private static final int LONGEST = 120;

    /**
     * Controls, of which terminals obey also those from U+0080 on; what turns the direction of
     * text; line ends; and half surrogate pairs, which no encoding can write.
     */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private Quote() {}

    static String cut(String text) {
        String clean = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return "'" + UNFIT.matcher(clean).replaceAll("?") + "'";
    }
}
