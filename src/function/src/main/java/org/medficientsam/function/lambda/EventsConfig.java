package org.medficientsam.function.lambda;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Settings of {@code segmentObjects}. */
@ConfigMapping(prefix = "medficientsam.events")
interface EventsConfig {
    /** Where label maps, result objects and error objects of arriving cases go, {@code s3://bucket/prefix/}. */
    Optional<String> output();
}
