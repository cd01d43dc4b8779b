package org.medficientsam.function.s3;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;

/**
 * An object that S3 says was created.
 *
 * @param version of the object, where its bucket keeps versions
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">Event message
 *     structure</a>
 */
public record ObjectArrival(S3Uri uri, Optional<String> version) {
    private static final String CREATED = "ObjectCreated:";

    /**
     * The arrivals in a notification. The test event that S3 sends when notifications are switched on has none, and what is not
     * a creation is left out.
     *
     * @throws InvalidCaseException if it is no notification
     */
    public static List<ObjectArrival> in(JsonNode notification) {
        if (notification.path("Event").asText().equals("s3:TestEvent")) {
            return List.of();
        }
        JsonNode records = notification.path("Records");
        if (!records.isArray()) {
            throw notAnS3Event();
        }
        List<ObjectArrival> arrivals = new ArrayList<>();
        for (JsonNode record : records) {
            if (!record.path("s3").isObject()) {
                throw notAnS3Event();
            }
            if (record.path("eventName").asText().replaceFirst("^s3:", "").startsWith(CREATED)) {
                arrivals.add(of(record.path("s3")));
            }
        }
        return arrivals;
    }

    private static ObjectArrival of(JsonNode s3) {
        JsonNode object = s3.path("object");
        String bucket = s3.path("bucket").path("name").asText();
        String key = decoded(object.path("key").asText());
        return new ObjectArrival(
                S3Uri.parse("s3", "s3://" + bucket + "/" + key),
                Optional.ofNullable(object.path("versionId").textValue()).filter(version -> !version.isEmpty()));
    }

    /** Keys come as a form would send them: {@code +} is a space. */
    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw notAnS3Event();
        }
    }

    private static InvalidCaseException notAnS3Event() {
        return new InvalidCaseException(Reason.MALFORMED, "the event", "an S3 notification", "something else");
    }
}
