package org.medficientsam.function.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
     * The arrivals in a notification of S3, straight or through SNS (which may have gone into a queue), or in an event of
     * EventBridge. The test event that S3 sends when notifications are switched on has none, and what is not a creation is left out.
     *
     * @param json reads what SNS carries as text
     * @throws InvalidCaseException if it is no notification
     */
    public static List<ObjectArrival> in(JsonNode notification, ObjectMapper json) {
        if (notification.path("Event").asText().equals("s3:TestEvent")) {
            return List.of();
        }
        if (notification.path("source").asText().equals("aws.s3")) {
            return inBridge(notification);
        }
        if (notification.path("Type").asText().equals("Notification")) {
            return in(message(notification, json), json);
        }
        if (notification.path("Records").path(0).path("EventSource").asText().equals("aws:sns")) {
            List<ObjectArrival> arrivals = new ArrayList<>();
            for (JsonNode record : notification.path("Records"))
                arrivals.addAll(in(message(record.path("Sns"), json), json));
            return arrivals;
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

    /** What SNS carries: S3's notification, and not another envelope of its own, which nobody makes by accident. */
    private static JsonNode message(JsonNode envelope, ObjectMapper json) {
        try {
            JsonNode message = json.readTree(envelope.path("Message").asText());
            if (message.has("Message")) throw notAnS3Event();
            return message;
        } catch (JsonProcessingException e) {
            throw notAnS3Event();
        }
    }

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge event structure</a>: keys come
     *     as they are
     */
    private static List<ObjectArrival> inBridge(JsonNode event) {
        if (!event.path("detail-type").asText().equals("Object Created")) return List.of();
        JsonNode object = event.path("detail").path("object");
        if (!object.isObject()) throw notAnS3Event();
        return List.of(of(
                event.path("detail").path("bucket").path("name").asText(),
                object.path("key").asText(),
                object.path("version-id")));
    }

    private static ObjectArrival of(JsonNode s3) {
        JsonNode object = s3.path("object");
        String bucket = s3.path("bucket").path("name").asText();
        return of(bucket, decoded(object.path("key").asText()), object.path("versionId"));
    }

    private static ObjectArrival of(String bucket, String key, JsonNode version) {
        return new ObjectArrival(
                S3Uri.parse("s3", "s3://" + bucket + "/" + key),
                Optional.ofNullable(version.textValue()).filter(text -> !text.isEmpty()));
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
