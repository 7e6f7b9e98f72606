package org.evergrant.broker.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text from outside as a message shows it, and the guess at what was meant. */
final class Shown {
    private static final int LONGEST = 80;

    private static final int LONGEST_SENTENCE = 200;

    /** What could steer a terminal that shows the message, or cannot be written at all. */
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    /** More edits than this and the two words have little in common. */
    private static final int MOST_EDITS = 3;

    private Shown() {}

    static String quoted(String text) {
        return "'" + plain(text, LONGEST) + "'";
    }

    /** Returns a sentence of another library's on one line. */
    static String sentence(String text) {
        return plain(text, LONGEST_SENTENCE);
    }

    private static String plain(String text, int longest) {
        String cut = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return UNFIT.matcher(cut).replaceAll("?");
    }

    /** Returns {@code "; did you mean 'margin'?"}, or nothing where no word is near. */
    static String didYouMean(String text, Collection<String> known) {
        String lower = text.toLowerCase(Locale.ROOT).replace('_', '-');
        return known.stream()
                .min(Comparator.comparingInt(word -> edits(lower, word)))
                .filter(word -> edits(lower, word) <= Math.min(MOST_EDITS, word.length() / 2))
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    }

    /** The Levenshtein distance. */
    private static int edits(String one, String other) {
        if (Math.abs(one.length() - other.length()) > MOST_EDITS) {
            return MOST_EDITS + 1;
        }
        int[] above = new int[other.length() + 1];
        for (int i = 0; i < above.length; i++) {
            above[i] = i;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] here = new int[above.length];
            here[0] = row;
            for (int i = 1; i < here.length; i++) {
                int swap = one.charAt(row - 1) == other.charAt(i - 1) ? 0 : 1;
                here[i] = Math.min(Math.min(here[i - 1], above[i]) + 1, above[i - 1] + swap);
            }
            above = here;
        }
        return above[other.length()];
    }
}
