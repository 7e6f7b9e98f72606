package org.evergrant.emulator;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** Reads the small objects of the control routes, writes their answers. */
final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Json() {}

    /** The text as it stands between the quotes of a JSON string. */
    static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }

    static String write(Consumer<JsonGenerator> content) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            content.accept(json);
            json.writeEndObject();
        }
        return out.toString();
    }

    /**
     * Reads one object whose values are strings, whole numbers, booleans or null.
     *
     * @return the values by name: String, Long, Boolean, or {@link Null#NULL}
     * @throws IllegalArgumentException if it is anything else
     */
    static Map<String, Object> readFlat(byte[] text) {
        Map<String, Object> values = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the body is no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                values.put(name, scalar(name, parser));
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("the body goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the body is no JSON: " + Durations.quoted(e.getOriginalMessage()), e);
        }
        return values;
    }

    /** The text of that name in an object that may hold anything else besides; or nothing. */
    static @Nullable String findText(byte[] text, String name) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = name.equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (wanted) {
                    return value == JsonToken.VALUE_STRING ? parser.getString() : null;
                }
                parser.skipChildren();
            }
            return null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** A null that can stand in a map. */
    enum Null {
        NULL;

        @Override
        public String toString() {
            return "null";
        }
    }

    private static Object scalar(String name, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> whole(name, parser.getString());
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> Null.NULL;
            default ->
                    throw new IllegalArgumentException(
                            Durations.quoted(name)
                                    + " is neither text, a whole number, true, false nor null");
        };
    }

    /** Half a surrogate pair would be shown as another text than was set. */
    private static String whole(String name, String text) {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new IllegalArgumentException(
                    Durations.quoted(name) + " has half a surrogate pair (expected: whole ones)");
        }
        return text;
    }
}
