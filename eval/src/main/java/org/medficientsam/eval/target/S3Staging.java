package org.medficientsam.eval.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The two buckets through which cases and label maps go where they do not go by wire. */
public final class S3Staging implements AutoCloseable {

    private final S3Client s3;
    private final String casesBucket;
    private final String resultsBucket;
    private final String prefix;

    private S3Staging(String casesBucket, String resultsBucket, String run) {
        this.s3 = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        this.casesBucket = casesBucket;
        this.resultsBucket = resultsBucket;
        // Not under cases/, whose arrivals the deployed template segments on its own.
        this.prefix = "eval/" + run + "/";
    }

    /**
     * @param casesBucket where the function reads
     * @param resultsBucket where it writes; may be the same
     * @param work folder of the run, which remembers what in the buckets is its own
     */
    public static S3Staging of(String casesBucket, String resultsBucket, Path work) throws IOException {
        return new S3Staging(casesBucket, resultsBucket, id(work));
    }

    /** The same for the same run, killed and resumed; never that of another. */
    static String id(Path work) throws IOException {
        Path file = work.resolve("staging.id");
        if (!Files.exists(file)) {
            Files.createDirectories(work);
            Files.writeString(file, UUID.randomUUID().toString());
        }
        return Files.readString(file);
    }

    String casesBucket() {
        return casesBucket;
    }

    String resultsBucket() {
        return resultsBucket;
    }

    /** Of everything of this run in either bucket, ending in a slash. */
    String prefix() {
        return prefix;
    }

    /** The key of a case. */
    String caseKey(String name) {
        return prefix + "cases/" + name;
    }

    /** Puts a case where {@link #caseKey} says. */
    void upload(String name, Path input) {
        s3.putObject(request -> request.bucket(casesBucket).key(caseKey(name)), RequestBody.fromFile(input));
    }

    void uploadText(String key, String text) {
        s3.putObject(request -> request.bucket(casesBucket).key(key), RequestBody.fromString(text));
    }

    /** @param uri {@code s3://bucket/key} as the function answers it */
    byte[] download(String uri) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        return s3.getObject(request -> request.bucket(parts[0]).key(parts[1]), ResponseTransformer.toBytes())
                .asByteArray();
    }

    /** Keys in the results bucket. */
    List<String> results(String under) {
        List<String> keys = new ArrayList<>();
        s3.listObjectsV2Paginator(request -> request.bucket(resultsBucket).prefix(under)).contents().stream()
                .map(S3Object::key)
                .forEach(keys::add);
        return keys;
    }

    byte[] result(String key) {
        return download("s3://" + resultsBucket + "/" + key);
    }

    @Override
    public void close() {
        s3.close();
    }
}
