package org.medficientsam.imagefile;

import static org.medficientsam.casefile.InvalidCaseException.malformed;
import static org.medficientsam.casefile.InvalidCaseException.tooLarge;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.medficientsam.imagefile.dicom.DicomReader;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;

/** The DICOM files of a zip, in memory. Their names are not looked at, as nothing is written anywhere. */
final class ZipFiles {
    private ZipFiles() {}

    /** @throws org.medficientsam.casefile.InvalidCaseException if there are more, or they inflate to more, than the limits allow */
    static List<InputFile> read(InputFile file, ReadLimits limits) throws IOException {
        List<InputFile> files = new ArrayList<>();
        long left = limits.maxFileBytes();
        int entries = 0;
        try (InputStream in = new BufferedInputStream(file.open(), 1 << 16);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (++entries > limits.maxFiles())
                    throw tooLarge("zip", "of at most %d files".formatted(limits.maxFiles()), "more");
                byte[] start = zip.readNBytes(DicomReader.startBytes());
                if (entry.isDirectory() || !DicomReader.recognises(start)) continue;
                byte[] rest = zip.readNBytes((int) Math.max(left - start.length, 0));
                left -= start.length + rest.length;
                if (left <= 0) throw tooLarge("zip", "of at most %d bytes".formatted(limits.maxFileBytes()), "more");
                byte[] all = new byte[start.length + rest.length];
                System.arraycopy(start, 0, all, 0, start.length);
                System.arraycopy(rest, 0, all, start.length, rest.length);
                files.add(InputFile.of(all, ""));
            }
        } catch (ZipException | java.io.EOFException | IllegalArgumentException e) {
            throw malformed("zip", "a whole archive", "one that is damaged or ends early");
        }
        return files;
    }
}
