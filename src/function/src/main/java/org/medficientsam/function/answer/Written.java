package org.medficientsam.function.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.medficientsam.imagefile.ResultFile;

/** The bytes of what writes itself to a stream. */
final class Written {
    private Written() {}

    static Optional<byte[]> to(ResultFile.Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return Optional.of(out.toByteArray());
    }
}
