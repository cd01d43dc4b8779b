package org.medficientsam.function.service;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.medficientsam.casefile.Limits;
import org.medficientsam.function.admission.CostLimits;
import org.medficientsam.segmenter.Rules;
import org.medficientsam.segmenter.bundle.DefaultBundle;

/**
 * Every setting of the function. A key such as {@code medficientsam.max-body-size} is also the environment variable
 * {@code MEDFICIENTSAM_MAX_BODY_SIZE}. Sizes take a suffix (K, M, G), durations are ISO-8601 or {@code 5S}.
 */
@ConfigMapping(prefix = "medficientsam")
public interface FunctionConfig {
    /**
     * The folder with one bundle per sub-folder. Without it: {@code models/bundles} beside the jar or above it, else in the working
     * directory; on Lambda first in what it unpacked.
     */
    Optional<Path> bundles();

    /** The bundle that answers when a request names none, opened and warmed at start; without it the one this was built with. */
    Optional<String> bundle();

    /** The rule set that answers when a request names none; without it the one in the bundle's manifest. */
    Optional<String> rules();

    /** Bundles kept open at once, the default one included; the one idle for longest makes room. */
    @WithDefault("2")
    int openBundles();

    /** Threads of one ONNX Runtime session; 0 for one per core. */
    @WithDefault("0")
    int threads();

    /** Bytes of embeddings kept per request, so that slices under several boxes are encoded once. */
    @WithDefault("256M")
    MemorySize cacheSize();

    /** Closer looks at the small objects of a large image, at most; 0 is none. Without it as many as the rules say. */
    OptionalInt windows();

    /** Short cases segmented at the same time; of long ones one fewer are beside them, unless it is 1, which is for all. */
    @WithDefault("2")
    int concurrency();

    /** Cases that may wait for their turn; one more is answered 503 with Retry-After. */
    @WithDefault("32")
    int queue();

    /** Java heap that all running cases may hold together, and so the most for one; without it seven tenths of the heap. */
    Optional<MemorySize> memory();

    /** What every request but those for health and the page's own files must bring as a bearer token; without it none is asked for. */
    Optional<String> token();

    /** POSTs per minute from one address; beyond them 429. Without it there is no such limit. */
    OptionalInt rateLimit();

    /** Wrong tokens a minute from one address; beyond them whoever brings one from there is answered 429, the right one or not. */
    @WithDefault("10")
    int wrongTokens();

    /**
     * Names by which this server may be asked (the request's Host), beside its addresses and localhost; {@code *} is any. Without it: any
     * where others can reach it or a token is set, else those of {@code quarkus.http.cors.origins}.
     */
    Optional<List<String>> hosts();

    /**
     * Whether browsers may change something here only from a page that was served here, or from one of {@code quarkus.http.cors.origins};
     * off on Lambda, whose own front decides.
     */
    @WithDefault("true")
    boolean sameOrigin();

    /** The port of health, metrics and OpenAPI; without it they are on the public one. */
    Optional<Integer> managementPort();

    /** What Retry-After says. */
    @WithDefault("2S")
    Duration retryAfter();

    /** Longest npz that is taken, over REST and (decoded) over Lambda. */
    @WithDefault("256M")
    MemorySize maxBodySize();

    /** How bodies are received over REST. */
    Intake intake();

    /** A body is received before its case waits for a turn. */
    interface Intake {
        /** Longest a body may take to arrive; later it is answered 408. */
        @WithDefault("2M")
        Duration timeout();

        /** How long a body may come at any rate. */
        @WithDefault("5S")
        Duration grace();

        /** Bytes per second that must have arrived on average since then; otherwise it is answered 408. */
        @WithDefault("16K")
        MemorySize minRate();

        /** Memory for all bodies together; those above 1 MiB are spooled to java.io.tmpdir. */
        @WithDefault("64M")
        MemorySize memory();

        /** Room in java.io.tmpdir for all bodies together. */
        @WithDefault("2G")
        MemorySize disk();
    }

    /** Caps on what an npz may hold. */
    CaseLimits limits();

    /** Checked before anything of the declared size is allocated. */
    interface CaseLimits {
        /** Entries in one archive. */
        @WithDefault("256")
        int entries();

        /** Bytes of one npy header. */
        @WithDefault("64K")
        MemorySize headerSize();

        /** Bytes of one decoded array; the default fits a 512 x 512 x 1024 volume. What {@link #memory} does not hold is refused too. */
        @WithDefault("256M")
        MemorySize arraySize();

        /** Bytes of all arrays that are read from one archive, decoded. */
        @WithDefault("1G")
        MemorySize totalSize();

        /** Boxes in one case. */
        @WithDefault("65535")
        int boxes();

        /** Boxes to decode in one case, a box of a volume counted once per slice. */
        @WithDefault("20000")
        long decodes();

        /** Slices to encode in one case. */
        @WithDefault("8192")
        int slices();

        /** Longest that one case may take, by the model's best pace before it starts and by the clock from then on. */
        @WithDefault("10M")
        Duration duration();
    }

    /** {@link #bundle} or its default. */
    default String bundleId() {
        return bundle().orElseGet(DefaultBundle::id);
    }

    /** {@link #threads} or the number of cores. */
    default int workers() {
        return threads() > 0 ? threads() : Runtime.getRuntime().availableProcessors();
    }

    /** {@link #windows} or the most that any rules ask for. */
    default int mostWindows() {
        return windows().orElseGet(Rules::mostWindows);
    }

    /** {@link #memory} or its default. */
    default long memoryBytes() {
        return memory().map(MemorySize::asLongValue).orElse(Runtime.getRuntime().maxMemory() / 10 * 7);
    }

    /** The caps on what one case may cost. */
    default CostLimits costLimits() {
        return new CostLimits(limits().slices(), limits().decodes(), memoryBytes(), limits().duration());
    }

    /** The same caps as the codec wants them. */
    default Limits npzLimits() {
        return new Limits(
                Math.toIntExact(maxBodySize().asLongValue()),
                limits().entries(),
                Math.toIntExact(limits().headerSize().asLongValue()),
                Math.toIntExact(limits().arraySize().asLongValue()),
                limits().totalSize().asLongValue(),
                limits().boxes());
    }
}
