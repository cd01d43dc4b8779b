package org.medficientsam.segmenter.picture;

/**
 * Bilinear resize of 8-bit pixels in 11-bit fixed point, equal to the bit with OpenCV's INTER_LINEAR: half-pixel centres,
 * border clamped, no antialiasing.
 */
final class LinearResize {
    private LinearResize() {}

    static ImageSlice resize(ImageSlice source, int height, int width) {
        // OpenCV answers an exact halving of both axes with the mean of four pixels.
        if (source.height() == 2 * height && source.width() == 2 * width)
            return AreaResize.resize(source, height, width);
        return interpolate(
                source, LinearTaps.centred(source.height(), height), LinearTaps.centred(source.width(), width));
    }

    static ImageSlice interpolate(ImageSlice source, LinearTaps rows, LinearTaps columns) {
        int channels = source.channels();
        int length = columns.outputs() * channels;
        Row row = new Row(source, columns);
        int[] above = new int[length];
        int[] below = new int[length];
        int aboveIndex = -1;
        int belowIndex = -1;
        byte[] target = new byte[rows.outputs() * length];
        for (int y = 0; y < rows.outputs(); y++) {
            int first = clamp(rows.first(y), source.height());
            int second = clamp(rows.first(y) + 1, source.height());
            if (first == belowIndex) { // what was the lower row is now the upper one
                int[] reused = above;
                above = below;
                below = reused;
                belowIndex = aboveIndex;
                aboveIndex = first;
            } else if (first != aboveIndex) {
                row.stretch(first, above);
                aboveIndex = first;
            }
            if (second != belowIndex && second != first) {
                row.stretch(second, below);
                belowIndex = second;
            }
            blend(above, second == first ? above : below, rows.weight0(y), rows.weight1(y), target, y * length);
        }
        return ImageSlice.view(target, 0, rows.outputs(), columns.outputs(), channels);
    }

    private static void blend(int[] above, int[] below, int weight0, int weight1, byte[] target, int offset) {
        for (int i = 0; i < above.length; i++)
            target[offset + i] = (byte) ((((weight0 * above[i]) >> 16) + ((weight1 * below[i]) >> 16) + 2) >> 2);
    }

    private static int clamp(int index, int size) {
        return Math.max(0, Math.min(index, size - 1));
    }

    /** The horizontal pass over one source row; results are scaled by 2048 / 16, as the vertical pass wants them. */
    private static final class Row {
        private final ImageSlice source;
        private final int[] left; // per output column, index of its left tap's first channel
        private final int[] right;
        private final int[] weightLeft;
        private final int[] weightRight;

        Row(ImageSlice source, LinearTaps columns) {
            this.source = source;
            int outputs = columns.outputs();
            left = new int[outputs];
            right = new int[outputs];
            weightLeft = new int[outputs];
            weightRight = new int[outputs];
            for (int x = 0; x < outputs; x++) {
                int first = columns.first(x);
                boolean border = first < 0 || first >= source.width() - 1;
                left[x] = clamp(first, source.width()) * source.channels();
                right[x] = border ? left[x] : left[x] + source.channels();
                weightLeft[x] = border ? LinearTaps.ONE : columns.weight0(x);
                weightRight[x] = border ? 0 : columns.weight1(x);
            }
        }

        void stretch(int y, int[] target) {
            byte[] pixels = source.pixels();
            int start = source.offset() + y * source.width() * source.channels();
            if (source.channels() == 1) stretchGrey(pixels, start, target);
            else stretchRgb(pixels, start, target);
        }

        private void stretchGrey(byte[] pixels, int start, int[] target) {
            for (int x = 0; x < left.length; x++)
                target[x] = tap(pixels, start + left[x], start + right[x], weightLeft[x], weightRight[x]);
        }

        private void stretchRgb(byte[] pixels, int start, int[] target) {
            for (int x = 0, i = 0; x < left.length; x++, i += 3) {
                int from = start + left[x];
                int to = start + right[x];
                target[i] = tap(pixels, from, to, weightLeft[x], weightRight[x]);
                target[i + 1] = tap(pixels, from + 1, to + 1, weightLeft[x], weightRight[x]);
                target[i + 2] = tap(pixels, from + 2, to + 2, weightLeft[x], weightRight[x]);
            }
        }

        private static int tap(byte[] pixels, int left, int right, int weightLeft, int weightRight) {
            return ((pixels[left] & 0xff) * weightLeft + (pixels[right] & 0xff) * weightRight) >> 4;
        }
    }
}
