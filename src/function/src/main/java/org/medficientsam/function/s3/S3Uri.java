package org.medficientsam.function.s3;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.service.ProblemException;

/**
 * {@code s3://bucket/key}. The key is taken literally, so nothing in it is decoded; keys with {@code .} or {@code ..} as a part
 * are refused, since what lies between us and S3 may normalise them to another object.
 */
public record S3Uri(String bucket, String key) {
    private static final Pattern FORM =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", Pattern.DOTALL);
    private static final int LONGEST_KEY = 1024;

    /**
     * @param field what the caller calls it
     * @throws InvalidCaseException if it is none
     */
    public static S3Uri parse(String field, String text) {
        Matcher parts = FORM.matcher(text);
        String key = parts.matches() && parts.group(2) != null ? parts.group(2) : "";
        if (!parts.matches()
                || key.length() > LONGEST_KEY
                || Arrays.stream(key.split("/")).anyMatch(S3Uri::isRelative)) {
            throw new InvalidCaseException(Reason.MALFORMED, field, "s3://bucket/key", ProblemException.excerpt(text));
        }
        return new S3Uri(parts.group(1), key);
    }

    private static boolean isRelative(String part) {
        return part.equals(".") || part.equals("..");
    }

    /** The last part of the key. */
    public String fileName() {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** The object of that name under this prefix. */
    S3Uri resolve(String name) {
        return new S3Uri(bucket, key + name);
    }

    public boolean isUnder(S3Uri prefix) {
        return bucket.equals(prefix.bucket) && key.startsWith(prefix.key);
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
