package org.medficientsam.eval.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Surface area that a label's boundary has around one corner of the voxel grid, for each way its eight neighbouring
 * voxels can be set.
 *
 * <p>The voxel at (a, b, c), each 0 or 1 along its axis, adds {@code 128 >> (4a + 2b + c)} to the neighbour code. The
 * published tables of surface-distance list the triangles of all 256 codes; here they are derived:
 *
 * <ol>
 *   <li>Codes 0 and 255 have no surface; a code with more than four bits has that of its complement.
 *   <li>Vertices lie halfway along each cube edge whose two voxels differ. On each face the vertices are joined so that
 *       set voxels touching only diagonally are cut off from each other. This closes into loops of three to six vertices.
 *   <li>Each loop is triangulated, without new vertices, for the largest area at unit spacing; that choice then holds for
 *       every spacing. It only matters for the two kinds of loop that are not planar.
 * </ol>
 *
 * @see <a href="https://github.com/google-deepmind/surface-distance">surface-distance, lookup_tables.py</a>
 * @see <a href="https://doi.org/10.1145/37402.37422">Lorensen, Cline: Marching cubes (1987)</a>
 */
final class SurfelTables {

    static final int CODES = 256;

    private static final int VOXELS = 8;
    private static final int[] AXES = {4, 2, 1};

    /** Per code, per triangle: half the cross product of two sides at unit spacing, one component per axis. */
    private static final List<List<double[]>> TRIANGLE_NORMALS = triangleNormals();

    private SurfelTables() {}

    /** Area per neighbour code, in squared units of the spacing; index is the code. */
    static double[] areas(VoxelSpacing spacing) {
        double face0 = spacing.axis1() * spacing.axis2();
        double face1 = spacing.axis0() * spacing.axis2();
        double face2 = spacing.axis0() * spacing.axis1();
        double[] areas = new double[CODES];
        for (int code = 0; code < CODES; code++) {
            for (double[] normal : TRIANGLE_NORMALS.get(code)) {
                areas[code] += norm(normal[0] * face0, normal[1] * face1, normal[2] * face2);
            }
        }
        return areas;
    }

    private static List<List<double[]>> triangleNormals() {
        List<List<double[]>> normals = new ArrayList<>(CODES);
        for (int code = 0; code < CODES; code++) {
            List<double[]> ofCode = new ArrayList<>();
            for (List<Vertex> loop : loops(Integer.bitCount(code) > VOXELS / 2 ? CODES - 1 - code : code)) {
                ofCode.addAll(Triangulation.largest(loop, 0, loop.size() - 1).normals());
            }
            normals.add(List.copyOf(ofCode));
        }
        return normals;
    }

    private static boolean isSet(int code, int voxel) {
        return (code >> (VOXELS - 1 - voxel) & 1) != 0;
    }

    /** A point on the surface, in voxels; {@code from} and {@code to} are the voxels at the ends of its cube edge. */
    private record Vertex(int from, int to) {
        /** Twice the coordinate along an axis, as a vertex lies halfway between two voxels. */
        int doubled(int axis) {
            return ((from & AXES[axis]) != 0 ? 1 : 0) + ((to & AXES[axis]) != 0 ? 1 : 0);
        }
    }

    /** Every vertex lies on two faces, and each face joins it to one other: follow the joints until they close. */
    private static List<List<Vertex>> loops(int code) {
        List<Vertex[]> joints = new ArrayList<>();
        for (int axis : AXES) {
            joinVerticesOfFace(code, axis, 0, joints);
            joinVerticesOfFace(code, axis, axis, joints);
        }
        List<List<Vertex>> loops = new ArrayList<>();
        while (!joints.isEmpty()) {
            Vertex[] first = joints.remove(joints.size() - 1);
            List<Vertex> loop = new ArrayList<>(List.of(first[0]));
            for (Vertex next = first[1]; !next.equals(first[0]); next = takeNeighbour(next, joints)) {
                loop.add(next);
            }
            loops.add(loop);
        }
        return loops;
    }

    private static Vertex takeNeighbour(Vertex vertex, List<Vertex[]> joints) {
        for (Vertex[] joint : joints) {
            for (int end = 0; end < 2; end++) {
                if (joint[end].equals(vertex)) {
                    joints.remove(joint);
                    return joint[1 - end];
                }
            }
        }
        throw new IllegalStateException("surface is not closed at " + vertex);
    }

    private static void joinVerticesOfFace(int code, int axis, int side, List<Vertex[]> joints) {
        int u = AXES[0] == axis ? AXES[1] : AXES[0];
        int v = AXES[2] == axis ? AXES[1] : AXES[2];
        int[] around = {side, side | u, side | u | v, side | v};
        List<Vertex> cut = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int from = Math.min(around[i], around[(i + 1) % 4]);
            int to = Math.max(around[i], around[(i + 1) % 4]);
            if (isSet(code, from) != isSet(code, to)) {
                cut.add(new Vertex(from, to));
            }
        }
        if (cut.size() == 2) {
            joints.add(new Vertex[] {cut.get(0), cut.get(1)});
        } else if (cut.size() == 4) {
            for (int i = 0; i < 4; i++) {
                if (isSet(code, around[i])) {
                    joints.add(new Vertex[] {cut.get((i + 3) % 4), cut.get(i)});
                }
            }
        }
    }

    private record Triangulation(double area, List<double[]> normals) {

        /** The triangulation of vertices {@code first} to {@code last} of a loop that has the largest area. */
        static Triangulation largest(List<Vertex> loop, int first, int last) {
            Triangulation best = new Triangulation(0, List.of());
            for (int apex = first + 1; apex < last; apex++) {
                double[] normal = normal(loop.get(first), loop.get(apex), loop.get(last));
                Triangulation before = largest(loop, first, apex);
                Triangulation after = largest(loop, apex, last);
                double area = before.area + after.area + norm(normal[0], normal[1], normal[2]);
                if (area > best.area) {
                    List<double[]> normals = new ArrayList<>(before.normals);
                    normals.add(normal);
                    normals.addAll(after.normals);
                    best = new Triangulation(area, normals);
                }
            }
            return best;
        }

        private static double[] normal(Vertex p, Vertex q, Vertex r) {
            int[] pq = new int[3];
            int[] pr = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                pq[axis] = q.doubled(axis) - p.doubled(axis);
                pr[axis] = r.doubled(axis) - p.doubled(axis);
            }
            // Half of the cross product, of sides that are doubled twice: an eighth, exact in binary.
            return new double[] {
                (pq[1] * pr[2] - pq[2] * pr[1]) / 8.0,
                (pq[2] * pr[0] - pq[0] * pr[2]) / 8.0,
                (pq[0] * pr[1] - pq[1] * pr[0]) / 8.0
            };
        }
    }

    private static double norm(double x, double y, double z) {
        return Math.sqrt(x * x + y * y + z * z);
    }
}
