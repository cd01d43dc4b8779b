package org.medficientsam.imagefile;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;
import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.util.List;
import java.util.Optional;
import org.medficientsam.casefile.ImageArray;
import org.medficientsam.casefile.ImageCase;
import org.medficientsam.casefile.Limits;
import org.medficientsam.casefile.Prompts;
import org.medficientsam.casefile.VolumeCase;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.image.Affine;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.intensity.AppliedWindow;
import org.medficientsam.imagefile.intensity.EightBit;
import org.medficientsam.imagefile.intensity.Intensities;
import org.medficientsam.imagefile.intensity.IntensityWindow;

/** An image as its file holds it, ready to become a case. */
public final class MedicalImage {
    private final RawImage raw;
    private final Optional<DrawnBoxes> boxes;

    MedicalImage(RawImage raw, Optional<DrawnBoxes> boxes) {
        this.raw = raw;
        this.boxes = boxes;
    }

    /** Numbers, axes and what its writer said. */
    public RawImage raw() {
        return raw;
    }

    /** What a result has to know of it; holds no numbers, so the image itself can be let go. */
    public ImageForm form() {
        return ImageForm.of(raw);
    }

    /** What a careful reader should tell: a channel that was left out, a picture that was turned upright. */
    public List<String> notes() {
        return raw.notes();
    }

    /** Boxes that were stored with it, as in an npz. */
    public Optional<DrawnBoxes> boxes() {
        return boxes;
    }

    /** A box around all of it. */
    public DrawnBoxes whole() {
        return DrawnBoxes.whole(raw.grid(), raw.isFlat());
    }

    /**
     * Boxes that were drawn in millimetres, in voxels. Millimetres count as the file's own header does: NIfTI to the right, front and
     * head, DICOM, MetaImage and NRRD to the left, back and head; those of an image from its first pixel.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if the file does not say how large a voxel is
     */
    public DrawnBoxes fromMillimetres(DrawnBoxes millimetres) {
        if (raw.grid().spacing().isEmpty())
            throw invalidPrompt("boxes", "in voxels, as the image has no spacing", "millimetres");
        Affine affine = raw.grid().affineOrScaling();
        boolean right = raw.kind() == FileKind.NIFTI || raw.grid().affine().isEmpty();
        return millimetres.toVoxels(right ? affine : affine.mirrored());
    }

    /** Smallest and largest finite value, as the file means them; 0 and 0 if there is none. */
    public double[] range() {
        return Intensities.range(raw);
    }

    /**
     * Its values through a window, 8 bits, sliced along the thickest axis.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if the window does not suit the image, or it is too large
     */
    public EightBit through(IntensityWindow window, Limits limits) {
        return Intensities.convert(raw, window, limits.maxArrayBytes());
    }

    /**
     * What a window does to its values.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if it does not suit the image
     */
    public AppliedWindow applied(IntensityWindow window) {
        return Intensities.applied(raw, window);
    }

    /**
     * One slice of what {@link #through} makes.
     *
     * @throws IllegalArgumentException if there is no such slice
     */
    public ImageArray slice(int z, AppliedWindow applied) {
        if (z < 0 || z >= raw.grid().depth())
            throw new IllegalArgumentException(
                    "slice must be in 0..%d, got %d".formatted(raw.grid().depth() - 1, z));
        return Intensities.slice(raw, applied, z);
    }

    /**
     * The case: slices along the thickest axis, values through a window, boxes in the axes of the slices.
     *
     * @param drawn four numbers each for an image or a single slice, six for a volume
     * @throws org.medficientsam.casefile.InvalidCaseException if the boxes or the window do not suit the image, or it is too large
     */
    public PreparedCase toCase(DrawnBoxes drawn, IntensityWindow window, Limits limits) {
        double[] inCase = inCase(drawn);
        return toCase(inCase, drawn.isForVolume(), through(window, limits), limits);
    }

    /**
     * Boxes that were drawn in the axes of the file in those of the slices, box after box.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if they do not suit the image
     */
    public double[] inCase(DrawnBoxes drawn) {
        check(drawn.isForVolume());
        return drawn.inCase(raw.grid());
    }

    private void check(boolean volume) {
        if (volume && raw.isFlat()) throw malformed("boxes", "of four numbers for an image of " + raw.grid(), "six");
        if (!volume && raw.grid().depth() > 1)
            throw invalidPrompt("boxes", "of six numbers for a volume of " + raw.grid(), "four");
    }

    /**
     * The case of values that went through a window before.
     *
     * @param boxes in the axes of the slices, four numbers each for an image or a single slice, six for a volume
     * @param eight what {@link #through} gave
     * @throws org.medficientsam.casefile.InvalidCaseException if the boxes do not suit the image
     */
    public PreparedCase toCase(double[] boxes, boolean volume, EightBit eight, Limits limits) {
        check(volume);
        Prompts prompts = new Prompts(eight.image(), limits.maxBoxes());
        return new PreparedCase(
                volume
                        ? new VolumeCase(
                                eight.image(),
                                prompts.boxes3D(boxes),
                                raw.grid().spacing())
                        : new ImageCase(eight.image(), prompts.boxes2D(boxes)),
                eight.window(),
                form(),
                notes());
    }
}
