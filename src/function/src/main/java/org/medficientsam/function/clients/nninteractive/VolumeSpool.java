package org.medficientsam.function.clients.nninteractive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.medficientsam.function.rest.exchange.IntakeRoom;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.ScratchFiles;

/**
 * A packed volume as NumPy's file on disk, so that it is read in a turn, with memory that is counted. It may be much longer than it
 * came, so it takes its length of the room for all bodies, and few are written at a time.
 */
@ApplicationScoped
class VolumeSpool {
    private final Semaphore inflating = new Semaphore(2);
    private final IntakeRoom room;

    @Inject
    VolumeSpool(IntakeRoom room) {
        this.room = room;
    }

    /** What is done with the file, which goes after it. */
    interface Reading {
        DrawnVolume read(InputFile npy) throws IOException;
    }

    /**
     * @param shape D, H, W
     * @throws org.medficientsam.function.service.ProblemException if there is no room for it now
     */
    DrawnVolume read(PackedArray packed, int[] shape, Reading reading) throws IOException {
        IntakeRoom.Taken taken = room.spool(packed.bytes());
        inflating.acquireUninterruptibly();
        try {
            Path npy = ScratchFiles.file(".npy");
            try {
                try (OutputStream out = Files.newOutputStream(npy)) {
                    packed.writeNpy(out, shape);
                }
                return reading.read(InputFile.of(npy));
            } finally {
                ScratchFiles.delete(npy);
            }
        } finally {
            inflating.release();
            taken.close();
        }
    }
}
