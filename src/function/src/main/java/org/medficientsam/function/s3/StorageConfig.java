package org.medficientsam.function.s3;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of cases and label maps in S3. Where the client connects is the extension's business, {@code quarkus.s3.*}. */
@ConfigMapping(prefix = "medficientsam.s3")
public interface StorageConfig {
    /**
     * What may be read and written, as {@code s3://bucket/} or {@code s3://bucket/prefix/}; nothing else is, whatever the
     * credentials would allow. Empty: no S3 at all.
     */
    Optional<List<String>> allowed();

    /** Whether REST takes references too, as a JSON body. Lambda always does. */
    @WithDefault("false")
    boolean rest();

    /** Longest one S3 call may take with all its retries; never beyond the invocation's deadline. */
    @WithDefault("60S")
    Duration callTimeout();

    /** Longest one attempt of a call may take. */
    @WithDefault("20S")
    Duration attemptTimeout();
}
