package org.medficientsam.function.clients.samapi;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.medficientsam.casefile.InvalidCaseException;

/**
 * What the extension asks for one object.
 *
 * @param picture a file, decoded from base64
 * @param box x1, y1, x2, y2 along the outer edges of pixels
 * @param weights where the wanted weights are; empty for the default
 */
record SamRequest(byte[] picture, double[] box, Optional<String> weights) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads it; the picture is decoded as it comes, since it may be longer than a text may be.
     *
     * @throws InvalidCaseException if it is not JSON, or asks by anything but a box
     */
    static SamRequest read(InputStream body) throws IOException {
        Optional<byte[]> picture = Optional.empty();
        Optional<double[]> box = Optional.empty();
        Optional<String> weights = Optional.empty();
        boolean points = false;
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) throw malformed("the body", "a JSON object", "none");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == JsonToken.VALUE_NULL) continue;
                switch (name) {
                    case "b64img" -> picture = Optional.of(decode(json));
                    case "bbox" -> box = Optional.of(numbers(json));
                    case "checkpoint_url" ->
                        weights = Optional.of(json.getText()).filter(url -> !url.isEmpty());
                    case "point_coords" -> {
                        points = true;
                        json.skipChildren();
                    }
                    default -> json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw malformed("the body", "JSON with the picture in base64", "something else");
        }
        if (picture.isEmpty()) throw malformed("b64img", "a picture in base64", "none");
        if (box.isEmpty() || points)
            throw invalidPrompt(
                    "the prompt", "a rectangle alone, as this model takes no other", points ? "points" : "none");
        return new SamRequest(picture.get(), box.get(), weights);
    }

    private static byte[] decode(JsonParser json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        json.readBinaryValue(bytes);
        return bytes.toByteArray();
    }

    private static double[] numbers(JsonParser json) throws IOException {
        double[] box = new double[4];
        boolean right = json.currentToken() == JsonToken.START_ARRAY;
        for (int i = 0; i < 4 && right; i++) {
            right = json.nextToken() != null && json.currentToken().isNumeric();
            if (right) box[i] = json.getDoubleValue();
        }
        if (!right || json.nextToken() != JsonToken.END_ARRAY)
            throw invalidPrompt("bbox", "[x1, y1, x2, y2]", "something else");
        return box;
    }

    /** The box by pixels, both ends inclusive. */
    double[] pixels() {
        return new double[] {box[0], box[1], Math.max(box[0], box[2] - 1), Math.max(box[1], box[3] - 1)};
    }
}
