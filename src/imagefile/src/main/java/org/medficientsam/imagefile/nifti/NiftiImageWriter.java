package org.medficientsam.imagefile.nifti;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;
import org.medficientsam.imagefile.image.NumberType;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.Rescale;
import org.medficientsam.imagefile.image.Voxels;

/**
 * Writes an image of any form as .nii.gz, for viewers: its own numbers, type and scaling on its own grid. Where each slice has a scaling of
 * its own, as in DICOM, values are written as float32. Nothing of a patient is written but the numbers and their place.
 */
public final class NiftiImageWriter {
    private static final int RGB = 128;
    private static final int FLOAT32 = 16;
    private static final int STEP = 1 << 16;

    private NiftiImageWriter() {}

    /** Writes and leaves the stream open. */
    public static void write(OutputStream out, RawImage image) throws IOException {
        Rescale rescale = image.rescale();
        boolean stored = rescale.isUniform();
        boolean grey = image.channels() == 1;
        NumberType type = image.voxels().type();
        if (!grey && type != NumberType.UINT8)
            throw new IllegalArgumentException("colours must be of 8 bits, got " + type);
        ByteBuffer start = NiftiWriter.made(image.grid(), !image.isFlat(), false);
        int code = grey ? stored ? code(type) : FLOAT32 : RGB;
        start.putShort(70, (short) code);
        start.putShort(72, (short) (8 * (grey ? stored ? type.bytes() : Float.BYTES : 3)));
        if (stored && grey) {
            double intercept = rescale.apply(0, 0);
            start.putFloat(112, (float) (rescale.apply(1, 0) - intercept)).putFloat(116, (float) intercept);
        }
        GZIPOutputStream zip = new NiftiWriter.FastGzip(out);
        zip.write(start.array());
        if (stored || !grey) writeStored(zip, image.voxels());
        else writeValues(zip, image);
        zip.finish();
    }

    private static void writeStored(OutputStream out, Voxels voxels) throws IOException {
        for (int at = 0; at < voxels.count(); at += STEP)
            out.write(voxels.bytes(at, Math.min(STEP, voxels.count() - at), ByteOrder.LITTLE_ENDIAN));
    }

    private static void writeValues(OutputStream out, RawImage image) throws IOException {
        Voxels voxels = image.voxels();
        int slice = image.grid().size(0) * image.grid().size(1);
        ByteBuffer step = ByteBuffer.allocate(Float.BYTES * STEP).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < voxels.count(); i++) {
            step.putFloat((float) image.rescale().apply(voxels.get(i), i / slice));
            if (!step.hasRemaining() || i + 1 == voxels.count()) {
                out.write(step.array(), 0, step.position());
                step.clear();
            }
        }
    }

    private static int code(NumberType type) {
        return switch (type) {
            case UINT8 -> 2;
            case INT8 -> 256;
            case INT16 -> 4;
            case UINT16 -> 512;
            case INT32 -> 8;
            case UINT32 -> 768;
            case INT64 -> 1024;
            case UINT64 -> 1280;
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> 64;
        };
    }
}
