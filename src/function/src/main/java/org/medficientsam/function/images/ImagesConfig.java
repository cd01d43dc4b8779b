package org.medficientsam.function.images;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of images that are kept between requests. */
@ConfigMapping(prefix = "medficientsam.images")
public interface ImagesConfig {
    /** Whether images are kept, and files of other forms than npz are read over HTTP; off on Lambda. */
    @WithDefault("true")
    boolean enabled();

    /** Java heap for all kept images and their embeddings; without it half of {@code medficientsam.memory}. Cases that need it get it. */
    Optional<MemorySize> memory();

    /** How long an image is kept that nobody asks for. */
    @WithDefault("15M")
    Duration idle();

    /** Images of one owner; one more takes the place of the one used longest ago. */
    @WithDefault("16")
    int perOwner();

    /** Whether a picture is encoded as soon as it is kept, while no case runs, so that its first box costs the decoder alone too. */
    @WithDefault("true")
    boolean encodeAhead();

    /** Whether compressed DICOM may be handed to a decoder that is installed on this machine. */
    @WithDefault("false")
    boolean decoders();
}
