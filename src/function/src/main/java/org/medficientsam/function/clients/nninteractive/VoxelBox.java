package org.medficientsam.function.clients.nninteractive;

import static org.medficientsam.casefile.InvalidCaseException.invalidPrompt;

import org.medficientsam.casefile.InvalidCaseException;

/**
 * A box of voxels, both ends inclusive, each end x, y, z. People draw it in one view, so it is one voxel thick; those that overlap in
 * the plane of the slices make one that holds them all, which is how two views or two slices give a box around an object.
 */
record VoxelBox(int[] low, int[] high) {
    /** Of two corners in any order, slowest axis first as these clients have it. */
    static VoxelBox ofCorners(int[] one, int[] other) {
        int[] low = new int[3];
        int[] high = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            low[axis] = Math.min(one[2 - axis], other[2 - axis]);
            high[axis] = Math.max(one[2 - axis], other[2 - axis]);
        }
        return new VoxelBox(low, high);
    }

    /** What is said of a prompt that is no box: points, scribbles, a lasso, a negative box. */
    static InvalidCaseException insteadOf(String prompt) {
        return invalidPrompt("the prompt", "a bounding box, as this model takes no other", prompt);
    }

    /** Whether they overlap along x and y. */
    boolean meets(VoxelBox other) {
        return low[0] <= other.high[0] && other.low[0] <= high[0] && low[1] <= other.high[1] && other.low[1] <= high[1];
    }

    /** The smallest box around both. */
    VoxelBox with(VoxelBox other) {
        int[] least = new int[3];
        int[] most = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            least[axis] = Math.min(low[axis], other.low[axis]);
            most[axis] = Math.max(high[axis], other.high[axis]);
        }
        return new VoxelBox(least, most);
    }

    /**
     * As the segmenter takes it.
     *
     * @param flat whether the image is a single slice
     * @throws org.medficientsam.casefile.InvalidCaseException if it was drawn across the slices and says nothing of their plane
     */
    double[] drawn(boolean flat) {
        if (high[2] > low[2] && (high[0] == low[0] || high[1] == low[1]))
            throw invalidPrompt(
                    "the first box of an object", "drawn in the view of the slices (usually axial)", "across them");
        return flat
                ? new double[] {low[0], low[1], high[0], high[1]}
                : new double[] {low[0], low[1], low[2], high[0], high[1], high[2]};
    }
}
