package org.medficientsam.imagefile.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** Gzip of several members, as {@code cat a.gz b.gz} and block writers make it. */
class GzipStreamTest {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private void member(byte... content) throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(file)) {
            out.write(content);
        }
    }

    private byte[] read() throws IOException {
        try (GzipStream in = new GzipStream(new ByteArrayInputStream(file.toByteArray()))) {
            return in.readAllBytes();
        }
    }

    @Test
    void theContentsOfItsMembersFollowEachOther() throws IOException {
        for (int i = 0; i < 500; i++) member((byte) i, (byte) 1);

        assertThat(read()).hasSize(1000).startsWith(0, 1, 1, 1, 2, 1);
    }

    @Test
    void someEmptyMembersBetweenThemAreNothing() throws IOException {
        member((byte) 7);
        for (int i = 0; i < 50; i++) member();
        member((byte) 8);

        assertThat(read()).containsExactly(7, 8);
    }

    @Test
    void noEndOfEmptyMembersIsDamageAndNoOverflowOfTheStack() throws IOException {
        for (int i = 0; i < 100_000; i++) member();

        assertThatThrownBy(this::read).isInstanceOf(ZipException.class).hasMessageContaining("members without content");
    }
}
