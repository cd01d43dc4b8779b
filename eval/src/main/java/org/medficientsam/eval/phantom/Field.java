package org.medficientsam.eval.phantom;

import org.medficientsam.eval.SplitRandom;

/** Grey values over a volume, row-major (depth, height, width), not yet quantised. */
final class Field {

    final int depth;
    final int height;
    final int width;
    final float[] values;

    Field(int depth, int height, int width) {
        this.depth = depth;
        this.height = height;
        this.width = width;
        values = new float[depth * height * width];
    }

    /** A field of standard normal noise. */
    static Field gaussian(int depth, int height, int width, SplitRandom random) {
        Field field = new Field(depth, height, width);
        for (int i = 0; i < field.values.length; i++) {
            field.values[i] = (float) random.gaussian();
        }
        return field;
    }

    int index(int z, int y, int x) {
        return (z * height + y) * width + x;
    }

    float at(int z, int y, int x) {
        return values[index(z, y, x)];
    }

    /** Value by position, e.g. of a tint or a gain. */
    interface Function {
        double at(int z, int y, int x);
    }

    /** Each value from its place; the function may read the value that is there now. */
    Field set(Function function) {
        for (int z = 0; z < depth; z++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    values[index(z, y, x)] = (float) function.at(z, y, x);
                }
            }
        }
        return this;
    }

    /** Gaussian blur in place, axis by axis, edges repeated; a sigma of 0 leaves its axis alone. */
    Field blur(double sigmaZ, double sigmaY, double sigmaX) {
        blurAxis(sigmaZ, depth, height * width);
        blurAxis(sigmaY, height, width);
        blurAxis(sigmaX, width, 1);
        return this;
    }

    /** Scaled to mean 0 and standard deviation 1, as blurred noise has to be before it is given a strength. */
    Field standardised() {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / values.length;
        double deviation = Math.sqrt(squares / values.length - mean * mean);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((values[i] - mean) / deviation);
        }
        return this;
    }

    private void blurAxis(double sigma, int length, int stride) {
        if (sigma <= 0 || length == 1) {
            return;
        }
        double[] kernel = kernel(sigma);
        int reach = kernel.length - 1;
        float[] line = new float[length];
        for (int start = 0; start < values.length; start++) {
            if (start / stride % length != 0) {
                continue;
            }
            for (int i = 0; i < length; i++) {
                line[i] = values[start + i * stride];
            }
            for (int i = 0; i < length; i++) {
                double sum = kernel[0] * line[i];
                for (int k = 1; k <= reach; k++) {
                    sum += kernel[k] * (line[Math.max(0, i - k)] + line[Math.min(length - 1, i + k)]);
                }
                values[start + i * stride] = (float) sum;
            }
        }
    }

    private static double[] kernel(double sigma) {
        double[] half = new double[(int) Math.ceil(3 * sigma) + 1];
        double total = 0;
        for (int k = 0; k < half.length; k++) {
            half[k] = StrictMath.exp(-k * k / (2 * sigma * sigma));
            total += k == 0 ? half[k] : 2 * half[k];
        }
        for (int k = 0; k < half.length; k++) {
            half[k] /= total;
        }
        return half;
    }
}
