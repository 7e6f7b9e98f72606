package org.evergrant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The plain fields of one JSON object from outside: strings, numbers and lists of strings, as text.
 */
final class JsonFields {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(32)
                                    .maxNumberLength(40)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private final Map<String, String> fields;
    private final Set<String> strings;

    private JsonFields(Map<String, String> fields, Set<String> strings) {
        this.fields = fields;
        this.strings = strings;
    }

    /**
     * Returns the fields of the object in {@code body}; empty when it is anything but one JSON
     * object.
     */
    static Optional<JsonFields> read(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        Set<String> strings = new HashSet<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    strings.add(name);
                }
                if (value.isNumeric() || value == JsonToken.VALUE_STRING) {
                    fields.put(name, json.getString());
                } else if (value == JsonToken.START_ARRAY) {
                    fields.put(name, list(json));
                } else {
                    json.skipChildren();
                }
            }
            return json.nextToken() == null
                    ? Optional.of(new JsonFields(fields, strings))
                    : Optional.empty();
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }

    /** Returns the field's text; empty when it is missing or no plain value. */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Returns the field's text; empty when it is missing or no string. */
    String string(String name) {
        return strings.contains(name) ? text(name) : "";
    }

    private static String list(JsonParser json) {
        StringJoiner words = new StringJoiner(" ");
        for (JsonToken item = json.nextToken();
                item != JsonToken.END_ARRAY;
                item = json.nextToken()) {
            if (item == JsonToken.VALUE_STRING) {
                words.add(json.getString());
            } else {
                json.skipChildren();
            }
        }
        return words.toString();
    }
}
