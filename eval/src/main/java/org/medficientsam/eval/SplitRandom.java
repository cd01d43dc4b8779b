package org.medficientsam.eval;

/**
 * SplitMix64 with the methods the phantoms need. The JDK's generators promise no sequence across releases; this one is
 * here so that a seed means the same phantoms for ever. Only {@link StrictMath} below, for the same reason.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014)</a>
 */
public final class SplitRandom {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Equal seeds give equal sequences, on every machine. */
    public SplitRandom(long seed) {
        state = seed;
    }

    /** A generator of its own for the part so named: what one part draws never shifts what another gets. */
    public SplitRandom split(String part) {
        long hash = state;
        for (int i = 0; i < part.length(); i++) {
            hash = mix(hash + GOLDEN_GAMMA * (part.charAt(i) + 1L));
        }
        return new SplitRandom(hash);
    }

    /** 64 uniform bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [low, high). */
    public double between(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Uniform integer, both ends included. */
    public int integer(int low, int high) {
        return low + (int) (uniform() * (high - low + 1));
    }

    /** True with that probability. */
    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /** Standard normal, by Marsaglia's polar method. */
    public double gaussian() {
        while (true) {
            double u = 2 * uniform() - 1;
            double v = 2 * uniform() - 1;
            double s = u * u + v * v;
            if (s > 0 && s < 1) {
                return u * Math.sqrt(-2 * StrictMath.log(s) / s);
            }
        }
    }

    /** The finaliser of SplitMix64: a bijection whose output bits each depend on every input bit. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
