package org.medficientsam.casefile.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.casefile.Limits;

/** Archives that are broken in one place each: a sound one of two arrays with a field overwritten. */
class ZipDirectoryTest {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;

    private final byte[] npz = sound();

    private static byte[] sound() {
        return new RawNpz()
                .array("a", "|u1", "(4,)", 4)
                .array("b", "<u2", "(2, 3)", 12)
                .zip();
    }

    private static int find(byte[] bytes, int signature, int from) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(from, bytes.length - 3)
                .filter(i -> buffer.getInt(i) == signature)
                .findFirst()
                .orElseThrow();
    }

    /** Overwrites two bytes behind the first record of this signature. */
    private byte[] with(int signature, int offset, int value) {
        int at = find(npz, signature, 0) + offset;
        byte[] broken = npz.clone();
        broken[at] = (byte) value;
        broken[at + 1] = (byte) (value >> 8);
        return broken;
    }

    private static void refused(byte[] broken, String message) {
        assertThatThrownBy(() -> Npz.read(broken, Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED))
                .hasMessage(message);
    }

    @Test
    void soundArchiveIsRead() {
        assertThat(Npz.read(npz, Limits.DEFAULT).names()).containsExactly("a", "b");
    }

    @Test
    void emptyBodyIsRefused() {
        refused(new byte[0], "npz must be a whole zip archive, got an empty body");
    }

    @Test
    void textIsRefused() {
        refused(
                "not a zip".repeat(1000).getBytes(StandardCharsets.US_ASCII),
                "npz must be a whole zip archive, got no end of one");
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < npz.length; length++) {
            byte[] truncated = Arrays.copyOf(npz, length);
            assertThatThrownBy(() -> Npz.read(truncated, Limits.DEFAULT)).isInstanceOf(InvalidCaseException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 22, 1000})
    void bytesAfterTheEndAreRefused(int count) {
        refused(Arrays.copyOf(npz, npz.length + count), "npz must be a whole zip archive, got no end of one");
    }

    @Test
    void bytesBeforeTheStartAreRefused() {
        byte[] shifted = new byte[npz.length + 10];
        System.arraycopy(npz, 0, shifted, 10, npz.length);
        refused(shifted, "npz must be a zip archive with a directory right before its end, got one elsewhere");
    }

    @Test
    void commentIsPassedOver() {
        byte[] commented = Arrays.copyOf(with(END, 20, 5), npz.length + 5);
        assertThat(Npz.read(commented, Limits.DEFAULT).names()).containsExactly("a", "b");
    }

    @Test
    void duplicateNamesAreRefused() {
        byte[] broken = npz.clone();
        // "b.npy" becomes "a.npy" in its local and its central header.
        for (int at = 0; at < broken.length - 5; at++)
            if (new String(broken, at, 5, StandardCharsets.ISO_8859_1).equals("b.npy")) broken[at] = 'a';
        refused(broken, "npz must be a zip archive with each entry name once, got two of one name (entry 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "a/../../x.npy", "/etc/x.npy", "..", "C:\\x.npy", "a\\x.npy", "a\nb.npy", "c:x.npy"})
    void namesThatLeaveTheArchiveAreRefused(String name) {
        refused(
                new RawNpz().entry(name, new byte[1]).zip(),
                "npz must be a zip archive with plain entry names, got a path (entry 0)");
    }

    @Test
    void otherFilesArePassedOver() {
        byte[] mixed = new RawNpz()
                .entry("README.txt", new byte[5])
                .entry("folder/", new byte[0])
                .array("a..b", "|u1", "(4,)", 4)
                .zip();
        assertThat(Npz.read(mixed, Limits.DEFAULT).names()).containsExactly("a..b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 6, 1 << 13})
    void encryptionIsRefused(int flag) {
        refused(
                with(CENTRAL, 8, 0x0808 | flag),
                "npz must be a zip archive with not encrypted entries, got an encrypted one");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 12, 14, 93, 99})
    void otherMethodsAreRefused(int method) {
        refused(
                with(CENTRAL, 10, method),
                "npz must be a zip archive with stored or deflated entries, got method " + method);
    }

    @Test
    void storedEntryOfAnotherSizeIsRefused() {
        refused(with(CENTRAL, 10, 0), "npz must be a zip archive with stored entries at full size, got another size");
    }

    @Test
    void checksumThatDiffersIsRefused() {
        refused(with(CENTRAL, 16, 0x1234), "a must be intact, got another checksum than the archive says");
    }

    @Test
    void everyFlippedBitOfTheDataIsRefusedUnlessItIsPadding() {
        byte[] data = Npz.read(npz, Limits.DEFAULT).get("a").bytes();
        int dataStart = find(npz, LOCAL, 0) + 30 + 5;
        int dataEnd = find(npz, 0x08074b50, 0);
        int accepted = 0;
        for (int bit = dataStart * 8; bit < dataEnd * 8; bit++) {
            byte[] flipped = npz.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(Npz.read(flipped, Limits.DEFAULT).get("a").bytes()).isEqualTo(data);
                accepted++;
            } catch (InvalidCaseException e) {
                assertThat(e).hasMessageMatching("a must be .+, got .+");
            }
        }
        assertThat(accepted).isLessThan(8); // a deflate stream ends within a byte
    }

    @Test
    void compressedSizeThatReachesIntoTheNextEntryIsRefused() {
        int size = ByteBuffer.wrap(npz).order(ByteOrder.LITTLE_ENDIAN).getInt(find(npz, CENTRAL, 0) + 20);
        refused(with(CENTRAL, 20, size + 60), "npz must be a zip archive with entries apart, got two that overlap");
        refused(
                with(CENTRAL, 20, 60000),
                "npz must be a zip archive with entries before its directory, got one that is longer");
        refused(with(CENTRAL, 20, size + 1), "a must be deflated to " + (size + 1) + " bytes, got fewer");
        assertThatThrownBy(() -> Npz.read(with(CENTRAL, 20, size - 1), Limits.DEFAULT))
                .isInstanceOf(InvalidCaseException.class);
    }

    @Test
    void twoEntriesOnTheSameBytesAreRefused() {
        byte[] broken = npz.clone();
        int second = find(npz, CENTRAL, find(npz, CENTRAL, 0) + 1);
        Arrays.fill(broken, second + 42, second + 46, (byte) 0); // its position: that of the first
        refused(broken, "npz must be a zip archive with one description of each entry, got two that differ");
    }

    @Test
    void localHeaderThatSaysElseIsRefused() {
        String message = "npz must be a zip archive with one description of each entry, got two that differ";
        refused(with(LOCAL, 8, 0), message); // stored, says the local header
        refused(with(LOCAL, 30, 'x' | '.' << 8), message); // its name
        refused(with(LOCAL, 6, 0), message); // no descriptor
    }

    @Test
    void sizeThatDiffersFromTheHeadersClaimIsRefused() {
        int size = ByteBuffer.wrap(npz).order(ByteOrder.LITTLE_ENDIAN).getInt(find(npz, CENTRAL, 0) + 24);
        byte[] longer = with(CENTRAL, 24, size + 1);
        assertThatThrownBy(() -> Npz.read(longer, Limits.DEFAULT))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessage("a must be uint8 (4,) with 4 bytes of data, got 5 bytes");
    }

    @Test
    void endThatSaysElseIsRefused() {
        refused(with(END, 4, 1), "npz must be a zip archive with one volume, got several");
        refused(with(END, 6, 1), "npz must be a zip archive with one volume, got several");
        refused(with(END, 8, 1), "npz must be a zip archive with one volume, got several");
        refused(with(END, 12, 7), "npz must be a zip archive with a directory right before its end, got one elsewhere");
        refused(with(END, 16, 7), "npz must be a zip archive with a directory right before its end, got one elsewhere");
        byte[] three = with(END, 8, 3);
        three[find(npz, END, 0) + 10] = 3;
        refused(three, "npz must be a zip archive with as many entries as it says, got fewer");
        byte[] one = with(END, 8, 1);
        one[find(npz, END, 0) + 10] = 1;
        refused(one, "npz must be a zip archive with a directory of only entries, got something else in it");
    }

    @Test
    void zip64EndIsReadAndChecked() {
        byte[] zip64 = zip64(0);
        assertThat(Npz.read(zip64, Limits.DEFAULT).names()).containsExactly("a", "b");

        refused(zip64(1), "npz must be a zip archive with one description of its end, got two that differ");
    }

    /** The sound archive with a zip64 end record, its plain one emptied to 0xff; {@code wrong} is added to one count of entries. */
    private byte[] zip64(int wrong) {
        int end = find(npz, END, 0);
        ByteBuffer plain = ByteBuffer.wrap(npz, end, 22).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer zip64 = ByteBuffer.allocate(npz.length + 76).order(ByteOrder.LITTLE_ENDIAN);
        zip64.put(npz, 0, end);
        zip64.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        zip64.putLong(2 + wrong).putLong(2).putLong(plain.getInt(end + 12)).putLong(plain.getInt(end + 16));
        zip64.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        zip64.putInt(END).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
        return zip64.array();
    }

    @Test
    void moreEntriesThanTheLimitAreTooLarge() throws Exception {
        Limits two = new Limits(1 << 20, 2, 1 << 16, 1 << 20, 1 << 20, 10);
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        Npz.write(
                three,
                Map.of("a", NpyArray.of(new int[1], 1), "b", NpyArray.of(new int[1], 1), "c", NpyArray.of(new int[1])));

        assertThat(Npz.read(npz, two).names()).hasSize(2);
        assertThatThrownBy(() -> Npz.read(three.toByteArray(), two))
                .isInstanceOfSatisfying(
                        InvalidCaseException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .hasMessage("npz must be an archive of at most 2 entries, got 3");
    }
}
