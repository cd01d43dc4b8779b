package org.medficientsam.function.rest.exchange;

import static org.medficientsam.casefile.InvalidCaseException.malformed;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipException;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.casefile.InvalidCaseException.Reason;
import org.medficientsam.function.service.CaseContent;
import org.medficientsam.imagefile.image.GzipStream;

/** What a gzipped body holds, within the same cap and the same room as a plain one. */
final class InflatedBody {
    private final CaseContent.Received content;
    private final IntakeRoom room;
    private final AtomicLong taken;

    private InflatedBody(CaseContent.Received content, IntakeRoom room, AtomicLong taken) {
        this.content = content;
        this.room = room;
        this.taken = taken;
    }

    /**
     * @param packed is closed
     * @param field what an error calls the body
     * @param most bytes it may hold
     * @throws InvalidCaseException if it holds more, or is damaged
     */
    static InflatedBody of(CaseContent.Received packed, String field, long most, IntakeRoom room) {
        AtomicLong taken = new AtomicLong();
        try (packed;
                InputStream in = packed.file("").open();
                InputStream plain = new Counted(new GzipStream(in), room, taken)) {
            return new InflatedBody(CaseContent.of(plain, most), room, taken);
        } catch (EOFException | ZipException e) {
            room.giveDisk(taken.get());
            throw malformed("Content-Encoding", "gzip, as it says", "another or a damaged one");
        } catch (InvalidCaseException e) {
            room.giveDisk(taken.get());
            throw e.reason() == Reason.TOO_LARGE
                    ? new InvalidCaseException(
                            Reason.TOO_LARGE, field, "at most %d bytes".formatted(most), "more in gzip")
                    : e;
        } catch (IOException e) {
            room.giveDisk(taken.get());
            throw new UncheckedIOException("a body could not be inflated", e);
        } catch (RuntimeException e) {
            room.giveDisk(taken.get());
            throw e;
        }
    }

    CaseContent.Received content() {
        return content;
    }

    /** Gives its room back; again is harmless. */
    void free() {
        room.giveDisk(taken.getAndSet(0));
        content.close();
    }

    /** Takes room for what is read. */
    private static final class Counted extends FilterInputStream {
        private final IntakeRoom room;
        private final AtomicLong taken;

        Counted(InputStream in, IntakeRoom room, AtomicLong taken) {
            super(in);
            this.room = room;
            this.taken = taken;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                if (!room.takeDisk(read)) throw IntakeRoom.full();
                taken.addAndGet(read);
            }
            return read;
        }
    }
}
