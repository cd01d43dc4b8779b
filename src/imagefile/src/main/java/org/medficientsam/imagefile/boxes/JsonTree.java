package org.medficientsam.imagefile.boxes;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts and doubles; what is null or a boolean becomes a text, as no box holds one. */
final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonTree() {}

    static Object parse(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            Object tree = value(parser, parser.nextToken());
            if (parser.nextToken() != null) throw invalidPrompt("boxes", "one JSON value", "several");
            return tree;
        } catch (IOException e) {
            throw invalidPrompt("boxes", "valid JSON", "a damaged one");
        }
    }

    /** The parser itself refuses nesting deeper than a thousand. */
    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken())
                    list.add(value(parser, t));
                return list;
            }
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    map.put(name, value(parser, parser.nextToken()));
                }
                return map;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return parser.getDoubleValue();
            }
            default -> {
                return parser.getText();
            }
        }
    }
}
