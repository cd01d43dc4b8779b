package org.medficientsam.imagefile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.medficientsam.imagefile.dicom.DicomReader;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.GzipStream;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.nifti.NiftiReader;
import org.medficientsam.imagefile.numpy.NumpyReader;
import org.medficientsam.imagefile.picture.PictureReader;

/** Tells what a file is by its first bytes. */
final class FileKinds {
    private static final int START_BYTES = 132;

    private FileKinds() {}

    static Optional<FileKind> of(InputFile file) throws IOException {
        byte[] start = file.start(START_BYTES);
        if (DicomReader.isMarked(start)) return Optional.of(FileKind.DICOM);
        if (starts(start, 0x1f, 0x8b)) return gzip(file);
        if (starts(start, 'P', 'K', 3, 4) || starts(start, 'P', 'K', 5, 6)) return Optional.of(zip(file));
        if (NumpyReader.isNpy(start)) return Optional.of(FileKind.NPY);
        if (PictureReader.recognises(start)) return Optional.of(FileKind.PICTURE);
        if (starts(start, 'N', 'R', 'R', 'D')) return Optional.of(FileKind.NRRD);
        if (starts(start, 'O', 'b', 'j', 'e', 'c', 't', 'T', 'y', 'p', 'e') || starts(start, 'N', 'D', 'i', 'm', 's'))
            return Optional.of(FileKind.METAIMAGE);
        if (NiftiReader.recognises(start)) return Optional.of(FileKind.NIFTI);
        return DicomReader.recognises(start) ? Optional.of(FileKind.DICOM) : Optional.empty();
    }

    private static Optional<FileKind> gzip(InputFile file) throws IOException {
        try (InputStream in = new GzipStream(new BufferedInputStream(file.open()))) {
            return NiftiReader.recognises(in.readNBytes(NiftiReader.startBytes()))
                    ? Optional.of(FileKind.NIFTI)
                    : Optional.empty();
        } catch (IOException e) {
            // A gzip too damaged to begin is nothing that is known.
            return Optional.empty();
        }
    }

    /** An npz holds npy files; any other zip may hold a DICOM series. */
    private static FileKind zip(InputFile file) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(file.open()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".npy")) return FileKind.NPZ;
                if (!entry.isDirectory() && DicomReader.recognises(zip.readNBytes(START_BYTES)))
                    return FileKind.DICOM_ZIP;
            }
        } catch (IOException | IllegalArgumentException e) {
            // Npz says what is wrong with a zip; it also reads those that a stream cannot.
        }
        return FileKind.NPZ;
    }

    private static boolean starts(byte[] bytes, int... with) {
        if (bytes.length < with.length) return false;
        for (int i = 0; i < with.length; i++) if ((bytes[i] & 0xff) != with[i]) return false;
        return true;
    }
}
