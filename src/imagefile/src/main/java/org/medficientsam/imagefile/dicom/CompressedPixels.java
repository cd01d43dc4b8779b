package org.medficientsam.imagefile.dicom;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ReadLimits;
import org.medficientsam.imagefile.image.ScratchFiles;

/** Pixels as JPEG, JPEG 2000, JPEG-LS or RLE, decoded by GDCM's {@code gdcmconv} in a process of its own. */
final class CompressedPixels {
    private static final String FIELD = "dicom";
    private static final String DECODER = "gdcmconv";
    private static final long SECONDS = 120;

    private CompressedPixels() {}

    /** @throws org.medficientsam.casefile.InvalidCaseException if there is no decoder, or it cannot decode them */
    static DicomFile decode(DicomFile file, ReadLimits limits) throws IOException {
        if (!limits.decoders())
            throw malformed(
                    FIELD, "of uncompressed pixels", "compressed ones; decode them first, as with gdcmconv --raw");
        Path decoder = find().orElseThrow(() -> malformed(
                FIELD,
                "of uncompressed pixels, or gdcmconv installed (Debian: libgdcm-tools, conda: gdcm)",
                "compressed ones and no gdcmconv"));
        Path folder = ScratchFiles.folder();
        try {
            Path in =
                    Files.write(folder.resolve("in.dcm"), file.dataset().bytes().array());
            Path out = folder.resolve("out.dcm");
            if (!run(decoder, in, out) || !Files.exists(out))
                throw malformed(FIELD, "of pixels that gdcmconv can decode", "others");
            DicomFile decoded = DicomFile.parse(InputFile.of(out).bytes(limits), limits);
            if (!decoded.isNative()) throw malformed(FIELD, "of pixels that gdcmconv can decode", "others");
            return decoded;
        } finally {
            ScratchFiles.delete(folder);
        }
    }

    private static boolean run(Path decoder, Path in, Path out) throws IOException {
        Process process = new ProcessBuilder(decoder.toString(), "--raw", in.toString(), out.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> Stream.of(Path.of(folder, DECODER), Path.of(folder, DECODER + ".exe")))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
