package org.medficientsam.eval.phantom;

import org.medficientsam.eval.SplitRandom;

/**
 * Smooth noise over space: random values on an integer lattice, interpolated with a quintic step. Periods differ per
 * axis by scaling the coordinates before the call.
 */
final class Noise {

    private final long seed;

    Noise(SplitRandom random) {
        seed = random.nextLong();
    }

    /** One octave, in [-1, 1]. */
    double at(double z, double y, double x) {
        long z0 = (long) Math.floor(z);
        long y0 = (long) Math.floor(y);
        long x0 = (long) Math.floor(x);
        double v = ease(y - y0);
        double w = ease(x - x0);
        double near = plane(z0, y0, x0, v, w);
        return z == z0 ? near : mix(near, plane(z0 + 1, y0, x0, v, w), ease(z - z0));
    }

    /** Octaves of half the period and half the strength each, scaled back into [-1, 1]. */
    double fractal(double z, double y, double x, int octaves) {
        double sum = 0;
        double total = 0;
        double strength = 1;
        double frequency = 1;
        for (int octave = 0; octave < octaves; octave++) {
            // Shifted, so that the lattices of the octaves do not coincide at the origin.
            double shift = 17.31 * octave;
            sum += strength * at(z == 0 ? 0 : z * frequency + shift, y * frequency + shift, x * frequency + shift);
            total += strength;
            strength /= 2;
            frequency *= 2;
        }
        return sum / total;
    }

    private double plane(long z, long y, long x, double v, double w) {
        return mix(
                mix(lattice(z, y, x), lattice(z, y, x + 1), w),
                mix(lattice(z, y + 1, x), lattice(z, y + 1, x + 1), w),
                v);
    }

    private double lattice(long z, long y, long x) {
        long hash = SplitRandom.mix(seed + z * 0x9e3779b97f4a7c15L + y * 0xc2b2ae3d27d4eb4fL + x * 0x165667b19e3779f9L);
        return (hash >>> 11) * 0x1.0p-52 - 1;
    }

    private static double ease(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }

    private static double mix(double a, double b, double t) {
        return a + (b - a) * t;
    }
}
