package org.medficientsam.function.service;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.medficientsam.casefile.CaseHeader;
import org.medficientsam.casefile.overlay.Overlay;
import org.medficientsam.imagefile.PreparedCase;
import org.medficientsam.imagefile.ResultFile;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.result.CocoRle;
import org.medficientsam.imagefile.result.GeoJson;
import org.medficientsam.imagefile.result.MaskBits;
import org.medficientsam.segmenter.Segmentation;

/** The forms in which a segmentation is answered; {@code ?format=} takes their names in lower case. */
public enum AnswerForm {
    /** The challenge's npz with {@code segs}. */
    NPZ(MediaTypes.NPZ),
    /** The result object, the npz in it as base64. */
    JSON(MediaTypes.JSON),
    /** A picture: the image, boxes, outlines. */
    OVERLAY(MediaTypes.PNG),
    /** A PNG whose pixels are the labels. */
    LABELS(MediaTypes.PNG),
    /** NIfTI, gzipped, on the grid of the file that came in. */
    NIFTI(MediaTypes.GZIP),
    /** Polygons in pixels. */
    GEOJSON(MediaTypes.GEOJSON),
    /** COCO with run lengths. */
    COCO(MediaTypes.JSON),
    /** An npz with a boolean mask for each box, whatever other boxes found there. */
    MASKS(MediaTypes.NPZ),
    /** An npz with each box's probabilities. */
    PROBABILITIES(MediaTypes.NPZ),
    /** A bit per voxel, the highest first, set where there is any label: what {@code numpy.unpackbits} reads. */
    BITS(MediaTypes.OCTETS);

    /** Logits of one box in one slice, at most. */
    private static final long LOGITS = 256L * 256 * Float.BYTES;

    private final String mediaType;

    AnswerForm(String mediaType) {
        this.mediaType = mediaType;
    }

    /** What it is over HTTP. */
    public String mediaType() {
        return mediaType;
    }

    /** What {@code ?format=} calls it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What {@code ?format=} chooses.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException for none of the forms
     */
    public static AnswerForm named(String word) {
        return Arrays.stream(values())
                .filter(form -> form.word().equals(word.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> malformed(
                        "format",
                        Arrays.stream(values()).map(AnswerForm::word).collect(Collectors.joining(", ", "one of ", "")),
                        word.matches("[\\w.,+-]{1,32}") ? word : "none of these"));
    }

    /** The form in which a file of that kind is answered if nobody says otherwise. */
    public static AnswerForm like(ImageForm form) {
        return switch (ResultFile.like(form)) {
            case NPZ -> NPZ;
            case PNG -> LABELS;
            default -> NIFTI;
        };
    }

    /** Heap that writing it takes beside the label map's npz. */
    long heapBytes(CaseHeader header) {
        return switch (this) {
            case NPZ, JSON, OVERLAY -> 0; // the case's own cost has them
            case BITS -> header.voxels() / 8;
            case NIFTI -> header.voxels() / 2;
            case LABELS -> 4 * header.voxels();
            case GEOJSON, COCO -> 8 * header.voxels();
            // Bits, and two copies of what they deflate to.
            case MASKS -> header.boxes() * header.voxels() / 4;
            // Numbers hardly deflate.
            case PROBABILITIES -> header.boxSlices() * LOGITS + 3 * Float.BYTES * header.boxes() * header.voxels();
        };
    }

    /** Whether each box's own masks are wanted, and if so which. */
    Optional<BoxMasks> masks() {
        return this == MASKS || this == PROBABILITIES
                ? Optional.of(new BoxMasks(this == PROBABILITIES))
                : Optional.empty();
    }

    /**
     * The bytes of the answer, unless it is the result object or the npz in it.
     *
     * @param masks what {@link #masks} gave, filled
     * @param names of labels, for forms that have names
     */
    Optional<byte[]> write(
            PreparedCase prepared, Segmentation segmentation, Optional<BoxMasks> masks, Map<Integer, String> names)
            throws IOException {
        return switch (this) {
            case NPZ, JSON -> Optional.empty();
            case OVERLAY ->
                Optional.of(
                        Overlay.of(prepared.caseFile(), segmentation.labels()).png());
            case LABELS -> Optional.of(file(ResultFile.PNG, prepared, segmentation));
            case NIFTI -> Optional.of(file(ResultFile.NIFTI_GZ, prepared, segmentation));
            case GEOJSON -> Optional.of(written(out -> GeoJson.write(out, segmentation.labels(), names)));
            case COCO -> Optional.of(written(out -> CocoRle.write(out, segmentation.labels(), "image", names)));
            case BITS -> Optional.of(MaskBits.of(segmentation.labels()));
            case MASKS, PROBABILITIES -> Optional.of(masks.orElseThrow().npz(prepared.caseFile()));
        };
    }

    private static byte[] file(ResultFile form, PreparedCase prepared, Segmentation segmentation) throws IOException {
        return written(out -> form.write(out, segmentation.labels(), prepared.form()));
    }

    private static byte[] written(ResultFile.Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toByteArray();
    }

    /**
     * Whether it can be had of that case.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it holds one slice and there are more
     */
    void check(CaseHeader header) {
        boolean flat = this == LABELS || this == GEOJSON || this == COCO;
        if (flat && header.depth() != 1)
            throw malformed(
                    "format",
                    "npz, json, overlay, nifti, masks, probabilities or bits for a volume",
                    word() + ", which holds one slice");
    }
}
