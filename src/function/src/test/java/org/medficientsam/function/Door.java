package org.medficientsam.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** One way into the application. */
public interface Door {
    ObjectMapper JSON = new ObjectMapper();

    /**
     * @param options model, rules, case
     * @return the result object, or the problem
     */
    Reply segment(byte[] npz, Map<String, String> options);

    default Reply segment(byte[] npz) {
        return segment(npz, Map.of());
    }

    /**
     * What came back.
     *
     * @param refused whether it is a problem
     * @param raw everything that reached the caller, for what must not be in it
     */
    record Reply(boolean refused, JsonNode json, String raw) {
        public byte[] segsNpz() {
            try {
                return json.path("segs").path("npz").binaryValue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
