package org.medficientsam.function.service;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.segmenter.MaskListener;
import org.medficientsam.segmenter.Segmentation;

/**
 * A form in which a segmentation is answered. Each is one class of {@link org.medficientsam.function.answer}, a bean without state;
 * {@link AnswerForms} finds them, and by them what {@code ?format=} and Accept may say and what OpenAPI lists.
 */
public abstract class AnswerForm {
    /** What is not so of every form. */
    protected enum Trait {
        /** Accept with its media type chooses it: one form of each type at most. */
        MEANT_BY_ITS_TYPE,
        /** It holds one slice, so that volumes cannot have it. */
        FLAT
    }

    private final String word;
    private final String mediaType;
    private final List<Trait> traits;

    /**
     * @param word what {@code ?format=} calls it, in lower case
     * @param mediaType what it is over HTTP
     */
    protected AnswerForm(String word, String mediaType, Trait... traits) {
        this.word = word;
        this.mediaType = mediaType;
        this.traits = List.of(traits);
    }

    /** What {@code ?format=} calls it, in lower case. */
    public final String word() {
        return word;
    }

    /** What it is over HTTP. */
    public final String mediaType() {
        return mediaType;
    }

    /** Whether Accept with its media type chooses it. */
    public final boolean isMeantByItsType() {
        return traits.contains(Trait.MEANT_BY_ITS_TYPE);
    }

    /** Whether it holds one slice, so that volumes cannot have it. */
    public final boolean isFlat() {
        return traits.contains(Trait.FLAT);
    }

    /** Heap that writing it takes beside the label map's npz. */
    public abstract long heapBytes(CaseHeader header);

    /** Begins one answer. */
    public abstract Writer begin();

    /** One answer, from its case's first mask to its last byte. */
    @FunctionalInterface
    public interface Writer {
        /** Of what the service has anyhow: the result object, and the npz in it. */
        Writer NOTHING = (prepared, segmentation, names) -> Optional.empty();

        /** What is told of each box's own mask while the case is segmented; empty if the label map says enough. */
        default Optional<MaskListener> masks() {
            return Optional.empty();
        }

        /**
         * The bytes, unless they are the result object or the npz in it.
         *
         * @param names of labels, for forms that have names
         */
        Optional<byte[]> write(PreparedCase prepared, Segmentation segmentation, Map<Integer, String> names)
                throws IOException;
    }
}
