package org.medficientsam.segmenter.picture;

/** How a slice is brought to the network's size. */
public enum Interpolation {
    /** OpenCV's INTER_LINEAR on uint8. */
    LINEAR {
        @Override
        public ImageSlice resize(ImageSlice source, int height, int width) {
            return same(source, height, width) ? source : LinearResize.resize(source, height, width);
        }
    },
    /** OpenCV's INTER_AREA on uint8. */
    AREA {
        @Override
        public ImageSlice resize(ImageSlice source, int height, int width) {
            return same(source, height, width) ? source : AreaResize.resize(source, height, width);
        }
    };

    /** A slice of the asked size; the source itself where nothing changes. */
    public abstract ImageSlice resize(ImageSlice source, int height, int width);

    private static boolean same(ImageSlice source, int height, int width) {
        return source.height() == height && source.width() == width;
    }
}
