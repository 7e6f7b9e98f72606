package org.evergrant.broker.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables and files into values: <code>${NAME}</code> and <code>${file:/path}</code>, where
 * a path is relative to the configuration's folder and line ends behind the text are dropped;
 * <code>$${</code> is a plain <code>${</code>.
 */
final class Substitution {
    private static final Pattern PLACE = Pattern.compile("\\$(\\$)?\\{([^}]*)(}?)");
    private static final Pattern CREDENTIALS = Pattern.compile("(?s)([a-z]+://)(.*)(@[^@]*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String FILE = "file:";

    /** No secret is near it. */
    private static final int LONGEST_FILE = 64 * 1024;

    private final Map<String, String> variables;
    private final Path folder;

    Substitution(Map<String, String> variables, Path folder) {
        this.variables = variables;
        this.folder = folder;
    }

    /** Returns whether {@code raw} takes anything from elsewhere. */
    static boolean isIn(String raw) {
        return raw.contains("${");
    }

    /**
     * Returns the value that {@code raw} stands for.
     *
     * @throws IllegalArgumentException saying what is missing
     */
    String resolve(String raw) {
        return resolve(raw, UnaryOperator.identity());
    }

    /**
     * Returns the URL that {@code raw} stands for. A value between the {@code //} and the {@code @}
     * is a name or a password, which may hold what means something else in a URL; it is encoded.
     *
     * @throws IllegalArgumentException saying what is missing
     */
    String resolveUrl(String raw) {
        Matcher url = CREDENTIALS.matcher(raw);
        return url.matches()
                ? url.group(1)
                        + resolve(url.group(2), Substitution::encoded)
                        + resolve(url.group(3))
                : resolve(raw);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String resolve(String raw, UnaryOperator<String> inserted) {
        if (!isIn(raw)) {
            return raw;
        }
        Matcher place = PLACE.matcher(raw);
        StringBuilder whole = new StringBuilder();
        while (place.find()) {
            String value =
                    place.group(1) == null
                            ? inserted.apply(value(place))
                            : place.group().substring(1);
            place.appendReplacement(whole, Matcher.quoteReplacement(value));
        }
        return place.appendTail(whole).toString();
    }

    private String value(Matcher place) {
        String inside = place.group(2);
        if (place.group(3).isEmpty()) {
            throw new IllegalArgumentException("'${' without its '}'");
        }
        if (inside.startsWith(FILE)) {
            return file(inside.substring(FILE.length()));
        }
        if (!NAME.matcher(inside).matches()) {
            throw new IllegalArgumentException(
                    Shown.quoted("${" + inside + "}")
                            + " (expected: ${NAME} or ${file:/path}; $${ for a plain ${)");
        }
        String value = variables.getOrDefault(inside, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(
                    "the variable "
                            + inside
                            + (variables.containsKey(inside) ? " is empty" : " is not set"));
        }
        return value;
    }

    private String file(String name) {
        String shown = Shown.sentence(name);
        try {
            Path path = folder.resolve(name);
            shown = Shown.sentence(path.toString());
            if (!Files.exists(path)) {
                throw new IllegalArgumentException("there is no file " + shown);
            }
            byte[] bytes;
            try (InputStream stream = Files.newInputStream(path)) {
                bytes = stream.readNBytes(LONGEST_FILE + 1);
            }
            if (bytes.length > LONGEST_FILE) {
                throw new IllegalArgumentException(
                        "the file " + shown + " is longer than " + LONGEST_FILE + " bytes");
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            String trimmed = text.replaceFirst("[\r\n]+\\z", "");
            if (trimmed.isEmpty()) {
                throw new IllegalArgumentException("the file " + shown + " is empty");
            }
            return trimmed;
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException("the file " + shown + " is not UTF-8", notText);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("the file " + shown + " cannot be read", unreadable);
        } catch (InvalidPathException impossible) {
            throw new IllegalArgumentException("no path: " + Shown.quoted(name), impossible);
        }
    }
}
