package org.medficientsam.eval.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Whether two data sets hold the same: a SHA-256 over names, sizes and CRC-32s of the arrays of all cases. The CRCs are those
 * that an npz, being a zip, carries, so that a large set need not be read; of a file that is no zip, its bytes are taken.
 */
final class ContentHash {

    private final MessageDigest digest;

    private ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** @param cases in a fixed order */
    static String of(List<DatasetCase> cases) throws IOException {
        ContentHash hash = new ContentHash();
        for (DatasetCase each : cases) {
            hash.add(each.name() + "\n");
            hash.add(each.image());
            @Nullable Path truth = each.truth();
            if (truth != null && !truth.equals(each.image())) {
                hash.add(truth);
            }
        }
        return HexFormat.of().formatHex(hash.digest.digest());
    }

    private void add(Path file) throws IOException {
        try (ZipFile npz = new ZipFile(file.toFile())) {
            npz.stream().map(ContentHash::line).sorted().forEach(this::add);
        } catch (ZipException noZip) {
            digest.update(Files.readAllBytes(file));
        }
    }

    private static String line(ZipEntry entry) {
        return "%s %d %08x\n".formatted(entry.getName(), entry.getSize(), entry.getCrc());
    }

    private void add(String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
}
