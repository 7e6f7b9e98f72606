package org.evergrant;

import java.util.regex.Pattern;

/**
 * The name of one app in a store, in routes and in configuration.
 *
 * @param value 1 to 64 characters: lower-case letters, digits, {@code .}, {@code _} and {@code -},
 *     the first a letter or digit
 */
public record AppId(String value) implements Comparable<AppId> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Refuses a value of another form with an {@link IllegalArgumentException}. */
    public AppId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "app "
                            + Quote.cut(value)
                            + " (expected: 1 to 64 of a-z, 0-9, '.', '_', '-', first a letter or"
                            + " digit)");
        }
    }

    /** Returns the id with this value. */
    public static AppId of(String value) {
        return new AppId(value);
    }

    /** Returns whether {@code value} has the form of an app id. */
    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(AppId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
