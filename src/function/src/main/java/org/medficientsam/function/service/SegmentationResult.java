package org.medficientsam.function.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Box;
import org.medficientsam.casefile.Box2D;
import org.medficientsam.casefile.Box3D;
import org.medficientsam.imagefile.intensity.AppliedWindow;
import org.medficientsam.segmenter.LabelledObject;
import org.medficientsam.segmenter.PeakRss;
import org.medficientsam.segmenter.Segmentation;
import org.medficientsam.segmenter.StageTimings;
import org.medficientsam.segmenter.bundle.ModelBundle;
import org.medficientsam.segmenter.bundle.ModelManifest;

/**
 * What a segmented case answers, as JSON over REST and as the result of a Lambda invocation.
 *
 * @param caseName what the caller called the case
 * @param model which bundle answered
 * @param rules which rule set it ran by
 * @param window which values became 0 and 255, as "ct-soft, -160 to 240"; absent where the case came as uint8
 * @param labels one per box, in the order of the boxes
 * @param segs the label map
 * @param timingsMs read, resize, encode, decode, mask and write
 * @param slicesEncoded runs of the image encoder
 * @param boxesDecoded boxes that went through the mask decoder
 * @param peakRssBytes most memory this process ever held, if the system tells
 */
@Schema(name = "Segmentation")
@JsonInclude(Include.NON_NULL)
public record SegmentationResult(
        @JsonProperty("case") String caseName,
        Model model,
        String rules,
        @Nullable String window,
        List<Label> labels,
        Segs segs,
        Map<String, Double> timingsMs,
        int slicesEncoded,
        int boxesDecoded,
        @Nullable Long peakRssBytes) {

    static SegmentationResult of(
            String caseName,
            Model model,
            AppliedWindow window,
            Segmentation segmentation,
            byte @Nullable [] segsNpz,
            StageTimings timings) {
        OptionalLong peakRss = PeakRss.bytes();
        return new SegmentationResult(
                caseName,
                model,
                segmentation.rules(),
                window.isAsStored() ? null : window.toString(),
                segmentation.objects().stream().map(Label::of).toList(),
                new Segs(segsNpz, null),
                milliseconds(timings),
                segmentation.slicesEncoded(),
                segmentation.boxesDecoded(),
                peakRss.isPresent() ? peakRss.getAsLong() : null);
    }

    private static Map<String, Double> milliseconds(StageTimings timings) {
        Map<String, Double> ms = new LinkedHashMap<>();
        ms.put("read", timings.readMs());
        ms.put("resize", timings.resizeMs());
        ms.put("encode", timings.encodeMs());
        ms.put("decode", timings.decodeMs());
        ms.put("mask", timings.maskMs());
        ms.put("write", timings.writeMs());
        return ms;
    }

    /**
     * @param sha256 of all graphs: {@code sha256sum encoder.onnx decoder.onnx [propagator.onnx] | sha256sum}
     * @param precision absent for files as the original project exports them
     */
    @Schema(name = "SegmentationModel")
    @JsonInclude(Include.NON_NULL)
    public record Model(String id, String sha256, @Nullable String precision) {
        static Model of(ModelBundle bundle) {
            return new Model(
                    bundle.id(),
                    bundle.sha256(),
                    bundle.manifest().map(ModelManifest::precision).orElse(null));
        }
    }

    /**
     * @param label value in segs
     * @param box x_min, y_min, x_max, y_max, or x_min, y_min, z_min, x_max, y_max, z_max; after clipping to the image
     * @param voxels how many carry the label
     * @param iou the network's own estimate; null where the bundle has none
     */
    @Schema(name = "SegmentationLabel")
    public record Label(
            int label,
            List<Double> box,
            long voxels,
            @JsonInclude @Nullable Double iou) {
        static Label of(LabelledObject object) {
            return new Label(
                    object.label(),
                    corners(object.box()),
                    object.voxels(),
                    Double.isNaN(object.iou()) ? null : object.iou());
        }

        private static List<Double> corners(Box box) {
            if (box instanceof Box3D b) {
                return List.of(b.xMin(), b.yMin(), b.zMin(), b.xMax(), b.yMax(), b.zMax());
            }
            Box2D b = (Box2D) box;
            return List.of(b.xMin(), b.yMin(), b.xMax(), b.yMax());
        }
    }

    /** The same with the label map in S3. */
    public SegmentationResult storedAt(String uri) {
        return new SegmentationResult(
                caseName,
                model,
                rules,
                window,
                labels,
                new Segs(null, uri),
                timingsMs,
                slicesEncoded,
                boxesDecoded,
                peakRssBytes);
    }

    /**
     * The label map, or where it is; neither where it was asked for in another form.
     *
     * @param npz an npz with the uint16 array {@code segs}
     * @param s3 the object with that npz
     */
    @Schema(name = "SegmentationSegs")
    @JsonInclude(Include.NON_NULL)
    public record Segs(byte @Nullable [] npz, @Nullable String s3) {
        /** The npz of a label map that was not stored. */
        public byte[] requireNpz() {
            return Objects.requireNonNull(npz, "the label map lies elsewhere");
        }
    }
}
