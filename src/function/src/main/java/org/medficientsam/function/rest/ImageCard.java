package org.medficientsam.function.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medficientsam.casefile.Spacing;
import org.medficientsam.function.images.KeptImage;
import org.medficientsam.function.images.KeptImages;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.intensity.AppliedWindow;

/**
 * A kept image.
 *
 * @param id cannot be guessed; only its owner's requests find it
 * @param kind image or volume
 * @param form what the file was: nifti, dicom, png, jpeg and so on
 * @param width columns of a slice, along x
 * @param height rows of a slice, along y
 * @param depth slices, along z; 1 of an image
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param spacing mm along x, y and z; null where the file does not say
 * @param axes where x, y and z grow to in the patient, as LPS; null where the file does not say
 * @param window CENTRE,WIDTH of what became 0 and 255, as ?window= takes it; null where 8 bits stay as they are
 * @param windowName the same in words
 * @param values smallest and largest
 * @param boxes that the file had, in its own axes; null if none
 * @param notes what a careful reader should tell
 * @param expiresInSeconds if nobody asks for it
 */
@JsonInclude(Include.ALWAYS)
public record ImageCard(
        String id,
        String kind,
        String form,
        int width,
        int height,
        int depth,
        int channels,
        @Nullable List<Double> spacing,
        @Nullable String axes,
        @Nullable String window,
        @Nullable String windowName,
        Values values,
        @Nullable List<List<Double>> boxes,
        List<String> notes,
        long expiresInSeconds) {

    /** Smallest and largest finite value. */
    public record Values(double min, double max) {}

    static ImageCard of(KeptImages.Loan loan, Duration idle) {
        KeptImage kept = loan.image();
        RawImage raw = kept.image().raw();
        VoxelGrid grid = raw.grid();
        AppliedWindow window = kept.applied(Optional.empty());
        double[] range = kept.range();
        return new ImageCard(
                loan.id(),
                raw.isFlat() ? "image" : "volume",
                kept.form(),
                grid.width(),
                grid.height(),
                grid.depth(),
                raw.channels(),
                grid.spacing().map(ImageCard::millimetres).orElse(null),
                grid.orientation().orElse(null),
                window.isAsStored() ? null : window.centreAndWidth(),
                window.isAsStored() ? null : window.toString(),
                new Values(range[0], range[1]),
                kept.image().boxes().map(ImageCard::rows).orElse(null),
                kept.notes(),
                idle.toSeconds());
    }

    private static List<Double> millimetres(Spacing mm) {
        return List.of(mm.x(), mm.y(), mm.z());
    }

    private static List<List<Double>> rows(DrawnBoxes boxes) {
        double[] numbers = boxes.numbers();
        int columns = numbers.length / boxes.count();
        List<List<Double>> rows = new ArrayList<>();
        for (int at = 0; at < numbers.length; at += columns)
            rows.add(Arrays.stream(numbers, at, at + columns).boxed().toList());
        return rows;
    }
}
