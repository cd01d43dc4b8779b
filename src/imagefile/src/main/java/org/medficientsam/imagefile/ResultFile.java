package org.medficientsam.imagefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.casefile.npz.LabelMapNpz;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.nifti.NiftiWriter;
import org.medficientsam.imagefile.result.CocoRle;
import org.medficientsam.imagefile.result.GeoJson;
import org.medficientsam.imagefile.result.LabelPng;

/** The forms in which a label map is written; the ending of a file's name chooses one. */
public enum ResultFile {
    /** The challenge's npz with {@code segs}. */
    NPZ(".npz", false),
    /** NIfTI with the affine, and if it came as NIfTI the header, of the image. */
    NIFTI_GZ(".nii.gz", false),
    /** The same, not compressed. */
    NIFTI(".nii", false),
    /** A grey PNG whose pixels are the labels. */
    PNG(".png", true),
    /** Polygons in pixels. */
    GEOJSON(".geojson", true),
    /** COCO with run lengths. */
    COCO(".json", true);

    private final String ending;
    private final boolean flat;

    ResultFile(String ending, boolean flat) {
        this.ending = ending;
        this.flat = flat;
    }

    /**
     * What an ending chooses.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException for any other
     */
    public static ResultFile of(Path target) {
        String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
        for (ResultFile form : values()) if (name.endsWith(form.ending)) return form;
        throw malformed(
                "output",
                "named .npz, .nii.gz, .nii, .png, .geojson or .json",
                name.endsWith(".dcm")
                        ? ".dcm, which is not written; NIfTI lies where the series does"
                        : "another ending");
    }

    /** The form in which an image's own kind of file is answered, for a folder of them. */
    public static ResultFile like(ImageForm form) {
        return switch (form.kind()) {
            case NPZ, NPY -> NPZ;
            case PICTURE -> form.grid().depth() == 1 ? PNG : NIFTI_GZ;
            default -> NIFTI_GZ;
        };
    }

    /** Such as ".nii.gz". */
    public String ending() {
        return ending;
    }

    /**
     * Writes a file whole or not at all: beside the target first, then moved over it.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if the ending is unknown, or its form holds one slice and there are more
     */
    public static Path write(Path target, LabelMap labels, ImageForm form) throws IOException {
        ResultFile as = of(target);
        as.requireHolds(labels.depth());
        return writeWhole(target, out -> as.write(out, labels, form));
    }

    /** What a file is filled with. */
    public interface Content {
        /** Writes it and leaves the stream open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Beside the target first, then moved over it: nobody ever sees half a file. */
    public static Path writeWhole(Path target, Content content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.deleteIfExists(part); // of a run that was killed; a link there is not followed
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16)) {
                content.writeTo(out);
            }
            return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** @throws org.medficientsam.casefile.InvalidCaseException if it holds one slice, and a label map of {@code depth} has more */
    public void requireHolds(int depth) {
        if (flat && depth != 1)
            throw malformed("output", "named .nii.gz, .nii or .npz for a volume", ending + ", which holds one slice");
    }

    /** Writes and leaves the stream open; as {@link #write(Path, LabelMap, ImageForm)}. */
    public void write(OutputStream out, LabelMap labels, ImageForm form) throws IOException {
        requireHolds(labels.depth());
        switch (this) {
            case NPZ -> LabelMapNpz.write(labels, out);
            case NIFTI_GZ, NIFTI -> NiftiWriter.write(out, labels, form.grid(), form.header(), this == NIFTI_GZ);
            case PNG -> LabelPng.write(out, labels);
            case GEOJSON -> GeoJson.write(out, labels);
            case COCO -> CocoRle.write(out, labels, "image");
        }
    }
}
