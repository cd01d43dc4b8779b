package org.medficientsam.function.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where the results of a case lie: {@code <prefix><case>.<model>.<content>.npz} and {@code .json}, with the first twelve hex
 * digits of the model's hash and of one over the case's place, its content, the rules and a window that was asked for. The same case, model and content give
 * the same keys; a case that was uploaded anew, or one of the same name in another folder, gives others.
 */
public record ResultKeys(S3Uri segs, S3Uri result) {
    private static final int DIGITS = 12;
    private static final int LONGEST_NAME = 200;

    /** What may not be in a key's last part. */
    private static final Pattern UNFIT = Pattern.compile("[/\\\\\\p{Cntrl}]|^\\.+");

    static ResultKeys of(S3Uri prefix, String caseName, String modelSha256, String identity, String rules) {
        String stem = "%s.%s.%s"
                .formatted(
                        stem(caseName),
                        modelSha256.substring(0, DIGITS),
                        sha256(identity + "\n" + rules).substring(0, DIGITS));
        return new ResultKeys(prefix.resolve(stem + ".npz"), prefix.resolve(stem + ".json"));
    }

    /** Where the reason lies why an object could not be segmented: {@code <prefix><case>.<place>.error.json}. */
    public static S3Uri error(S3Uri prefix, S3Uri source) {
        return prefix.resolve("%s.%s.error.json"
                .formatted(stem(source.fileName()), sha256(source.toString()).substring(0, DIGITS)));
    }

    private static String stem(String caseName) {
        String name = caseName.endsWith(".npz") ? caseName.substring(0, caseName.length() - 4) : caseName;
        String fit = UNFIT.matcher(name).replaceAll("_");
        return fit.length() <= LONGEST_NAME ? fit : fit.substring(0, LONGEST_NAME);
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
