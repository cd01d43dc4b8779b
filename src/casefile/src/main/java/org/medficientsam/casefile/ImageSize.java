package org.medficientsam.casefile;

/**
 * How large an image or volume is, as declared: (D, H, W, C).
 *
 * @param depth slices; 1 for an image
 * @param height rows
 * @param width columns
 * @param channels 1 (grey) or 3 (RGB)
 */
public record ImageSize(int depth, int height, int width, int channels) {
    /** What has such a size. */
    public interface Sized {
        /** Its size. */
        ImageSize size();

        /** Slices; 1 for an image. */
        default int depth() {
            return size().depth;
        }

        /** Rows. */
        default int height() {
            return size().height;
        }

        /** Columns. */
        default int width() {
            return size().width;
        }

        /** 1 (grey) or 3 (RGB). */
        default int channels() {
            return size().channels;
        }
    }

    /** Pixels of all slices. */
    public long voxels() {
        return (long) depth * height * width;
    }

    /** Whether no axis is empty and there are one or three channels. */
    public boolean isPossible() {
        return depth > 0 && height > 0 && width > 0 && (channels == 1 || channels == 3);
    }

    /** As Python prints it. */
    @Override
    public String toString() {
        return Shape.toString(depth, height, width, channels);
    }
}
