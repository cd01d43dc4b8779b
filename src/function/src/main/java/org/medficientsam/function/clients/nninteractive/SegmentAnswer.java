package org.medficientsam.function.clients.nninteractive;

import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.medficientsam.function.service.MediaTypes;

/** What nnInteractive's client is told of a segment: bounds of what changed in a header, the voxels there in the body. */
final class SegmentAnswer {
    /** JSON beside a body that is none, both ways. */
    static final String META = "X-Meta";

    private SegmentAnswer() {}

    /** @param ran whether a prediction ran that changed nothing, rather than none */
    static Response nothing(boolean ran) {
        return Response.ok(new byte[0], MediaTypes.OCTETS)
                .header(META, "{\"ran_prediction\":%s,\"bbox\":null}".formatted(ran))
                .build();
    }

    /** @param shape D, H, W of the volume */
    static Response of(DrawnVolume.Segment segment, int[] shape) throws IOException {
        Optional<int[][]> around = segment.around();
        if (around.isEmpty()) return nothing(true);
        int[][] box = around.get();
        int[] size = {box[0][1] - box[0][0], box[1][1] - box[1][0], box[2][1] - box[2][0]};
        String meta = "{\"ran_prediction\":true,\"bbox\":%s,\"dtype\":\"uint8\",\"shape\":%s}"
                .formatted(Arrays.deepToString(box), Arrays.toString(size));
        return Response.ok(crop(segment.bits(), shape, box, size), MediaTypes.OCTETS)
                .header(META, meta)
                .build();
    }

    private static byte[] crop(byte[] bits, int[] shape, int[][] box, int[] size) throws IOException {
        long[] next = {0};
        return PackedArray.pack(
                (part, count) -> {
                    for (int i = 0; i < count; i++) {
                        long index = next[0]++;
                        long z = box[0][0] + index / size[2] / size[1];
                        long y = box[1][0] + index / size[2] % size[1];
                        long x = box[2][0] + index % size[2];
                        part[i] = (byte) (PackedMask.get(bits, (z * shape[1] + y) * shape[2] + x) ? 1 : 0);
                    }
                },
                size);
    }
}
