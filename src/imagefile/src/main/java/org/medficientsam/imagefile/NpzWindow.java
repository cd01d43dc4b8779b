package org.medficientsam.imagefile;

import java.util.function.Function;
import org.medficientsam.casefile.npz.NpyArray;
import org.medficientsam.imagefile.image.FileKind;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;
import org.medficientsam.imagefile.image.Voxels;
import org.medficientsam.imagefile.intensity.AppliedWindow;
import org.medficientsam.imagefile.intensity.EightBit;
import org.medficientsam.imagefile.intensity.Intensities;
import org.medficientsam.imagefile.intensity.IntensityWindow;
import org.medficientsam.imagefile.numpy.NumpyReader;

/** Takes {@code imgs} of one npz through a window, which does not ask what the axes are, and remembers what that did. */
final class NpzWindow implements Function<NpyArray, byte[]> {
    private final IntensityWindow window;
    private final int maxBytes;
    private AppliedWindow applied = AppliedWindow.AS_STORED;

    NpzWindow(IntensityWindow window, int maxBytes) {
        this.window = window;
        this.maxBytes = maxBytes;
    }

    @Override
    public byte[] apply(NpyArray imgs) {
        Voxels voxels = NumpyReader.voxels(imgs);
        RawImage numbers = RawImage.of(FileKind.NPZ, VoxelGrid.plain(voxels.count(), 1, 1), 1, voxels)
                .build();
        EightBit eight = Intensities.convert(numbers, window, maxBytes);
        applied = eight.window();
        return eight.image().data();
    }

    AppliedWindow applied() {
        return applied;
    }
}
