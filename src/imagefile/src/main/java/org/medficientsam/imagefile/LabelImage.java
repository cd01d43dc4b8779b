package org.medficientsam.imagefile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.medficientsam.casefile.LabelMap;
import org.medficientsam.imagefile.boxes.DrawnBoxes;
import org.medficientsam.imagefile.boxes.LabelBoxes;
import org.medficientsam.imagefile.image.ImageForm;
import org.medficientsam.imagefile.image.RawImage;
import org.medficientsam.imagefile.image.VoxelGrid;

/**
 * Labels as a file holds them, numbered 1 to N in the order of their ids, whatever gaps those have.
 *
 * @param map in the axes of a case; label i + 1 is id i
 * @param ids the values that occur in the file, ascending, without 0; of colours their order
 * @param boxes the tight box of each label, in the axes of the file
 * @param form of the file
 */
public record LabelImage(LabelMap map, List<Integer> ids, DrawnBoxes boxes, ImageForm form) {
    /**
     * A mask in the alpha channel of one colour, a mask in colours, or plain whole numbers.
     *
     * @throws org.medficientsam.casefile.InvalidCaseException if values are not whole, negative or above 65535, of more than 255
     *     colours, or all 0
     */
    static LabelImage of(RawImage image) {
        RawImage numbers = MaskNumbers.of(image);
        LabelBoxes found = LabelBoxes.of(numbers);
        Map<Integer, Short> labels = new HashMap<>();
        for (int i = 0; i < found.ids().size(); i++) labels.put(found.ids().get(i), (short) (i + 1));
        VoxelGrid grid = numbers.grid();
        short[] map = new short[grid.voxels()];
        int fileSlice = grid.size(0) * grid.size(1);
        int at = 0;
        for (int z = 0; z < grid.depth(); z++) {
            for (int y = 0; y < grid.height(); y++) {
                for (int x = 0; x < grid.width(); x++) {
                    int voxel = z * grid.stride(2) + y * grid.stride(1) + x * grid.stride(0);
                    int id = (int) numbers.rescale().apply(numbers.voxels().get(voxel), voxel / fileSlice);
                    map[at++] = id == 0 ? 0 : labels.getOrDefault(id, (short) 0);
                }
            }
        }
        boolean volume = !image.isFlat();
        return new LabelImage(
                LabelMap.adopt(map, grid.depth(), grid.height(), grid.width(), volume),
                found.ids(),
                found.boxes(),
                ImageForm.of(image));
    }
}
