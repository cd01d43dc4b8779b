package org.medficientsam.eval.metric;

import java.util.random.RandomGenerator;

/** Small pairs of masks with every kind of neighbourhood: boxes that overlap, and some noise. */
record RandomMasks(int depth, int height, int width, byte[] truth, byte[] prediction) {

    static RandomMasks draw(RandomGenerator random, int depth, int height, int width) {
        byte[] truth = new byte[depth * height * width];
        for (int box = 0; box < 3; box++) {
            int z = random.nextInt(depth);
            int y = random.nextInt(height);
            int x = random.nextInt(width);
            for (int i = z; i < Math.min(depth, z + 3); i++) {
                for (int j = y; j < Math.min(height, y + 4); j++) {
                    for (int k = x; k < Math.min(width, x + 4); k++) {
                        truth[(i * height + j) * width + k] = 1;
                    }
                }
            }
        }
        byte[] prediction = truth.clone();
        for (int flips = random.nextInt(truth.length / 4 + 1); flips > 0; flips--) {
            prediction[random.nextInt(truth.length)] ^= 1;
        }
        prediction[random.nextInt(truth.length)] = 1; // so that neither is empty
        return new RandomMasks(depth, height, width, truth, prediction);
    }

    LabelArray truthLabels() {
        return LabelArray.adoptBytes(truth, depth, height, width);
    }

    LabelArray predictionLabels() {
        return LabelArray.adoptBytes(prediction, depth, height, width);
    }

    RandomMasks swapped() {
        return new RandomMasks(depth, height, width, prediction, truth);
    }

    /** The same masks in a larger grid, so far from its low corner. */
    RandomMasks movedInto(int size, int z, int y, int x) {
        byte[] movedTruth = new byte[size * size * size];
        byte[] movedPrediction = new byte[size * size * size];
        for (int i = 0; i < depth; i++) {
            for (int j = 0; j < height; j++) {
                int from = (i * height + j) * width;
                int to = ((i + z) * size + j + y) * size + x;
                System.arraycopy(truth, from, movedTruth, to, width);
                System.arraycopy(prediction, from, movedPrediction, to, width);
            }
        }
        return new RandomMasks(size, size, size, movedTruth, movedPrediction);
    }

    CaseScores.Scored score(VoxelSpacing spacing, MetricProtocol protocol) {
        return new LabelScorer(truthLabels(), predictionLabels(), true, spacing, protocol).score();
    }
}
