package org.medficientsam.segmenter.picture;

/** Maps 8-bit values to (value - min) / max(max - min, 1e-8), min and max over all channels of the slice. */
public final class MinMaxScaling {
    /** By the extremes of 8 bits. */
    public static final MinMaxScaling FULL = new MinMaxScaling(0, 255);

    private final float[] scaled = new float[256]; // by 8-bit value

    private MinMaxScaling(int min, int max) {
        float range = Math.max(max - min, 1e-8f);
        for (int value = min; value <= max; value++) scaled[value] = (value - min) / range;
    }

    /** By the extremes of this slice. */
    public static MinMaxScaling of(ImageSlice slice) {
        byte[] pixels = slice.pixels();
        int min = 255;
        int max = 0;
        for (int i = slice.offset(); i < slice.offset() + slice.size(); i++) {
            int value = pixels[i] & 0xff;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new MinMaxScaling(min, max);
    }

    /** One channel of one row into the first {@code width} places of {@code row}. */
    public void scaleRow(ImageSlice slice, int y, int channel, float[] row) {
        byte[] pixels = slice.pixels();
        int channels = slice.channels();
        int from = slice.offset() + y * slice.width() * channels + channel;
        for (int x = 0; x < slice.width(); x++) row[x] = scaled[pixels[from + x * channels] & 0xff];
    }

    /** One row, three channels per pixel; grey is repeated. */
    public void scaleInterleavedRow(ImageSlice slice, int y, float[] row) {
        byte[] pixels = slice.pixels();
        int channels = slice.channels();
        int step = channels == 3 ? 1 : 0;
        int from = slice.offset() + y * slice.width() * channels;
        for (int x = 0; x < slice.width(); x++)
            for (int channel = 0; channel < 3; channel++)
                row[3 * x + channel] = scaled[pixels[from + x * channels + channel * step] & 0xff];
    }
}
