package org.medficientsam.function.clients;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Settings of the doors for existing clients. */
@ConfigMapping(prefix = "medficientsam.clients")
public interface ClientsConfig {
    /** Whether plug-ins of QuPath, 3D Slicer, napari and Label Studio are answered; off on Lambda, where nothing is kept. */
    @WithDefault("true")
    boolean enabled();

    /** Of nnInteractive's client. */
    Leases leases();

    /** Of Label Studio. */
    LabelStudio labelStudio();

    /** A client of nnInteractive claims a lease, and holds one volume under it. */
    interface Leases {
        /** Leases at the same time; one more is answered 503. */
        @WithDefault("16")
        int most();

        /** How long one is kept under which nothing is drawn. */
        @WithDefault("15M")
        Duration idle();

        /** How long one is kept whose client is not heard of; it says every half of this that it is there. */
        @WithDefault("60S")
        Duration silent();
    }

    /** Where the pictures of Label Studio's tasks may be fetched; those inside the task as a data URI need none of it. */
    interface LabelStudio {
        /** Label Studio itself, for uploaded pictures, which tasks name by a path alone. Without it they are refused. */
        Optional<URI> url();

        /** The key of a user of Label Studio, sent to {@link #url} alone. */
        Optional<String> apiKey();

        /** Other origins from which pictures are fetched, as https://host or https://host:port; without them none is. */
        Optional<Set<URI>> origins();
    }
}
