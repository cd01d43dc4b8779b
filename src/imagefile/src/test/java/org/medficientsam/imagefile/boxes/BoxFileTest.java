package org.medficientsam.imagefile.boxes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medficientsam.casefile.InvalidCaseException;
import org.medficientsam.imagefile.image.InputFile;
import org.medficientsam.imagefile.image.VoxelGrid;

class BoxFileTest {
    private static double[] read(String text) throws Exception {
        return BoxFile.read(InputFile.of(text.getBytes(StandardCharsets.UTF_8), "boxes"), "ct_01.nii.gz")
                .numbers();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2,3,4",
                "1;2;3;4",
                "x_min,y_min,x_max,y_max\\n1,2,3,4",
                "xmax,ymax,xmin,ymin\\n3,4,1,2",
                "X Min,Y Min,X Max,Y Max\\n1,2,3,4",
                "image,x,y,width,height\\nct_01.nii.gz,1,2,3,3\\nct_02.nii.gz,5,5,5,5",
                "file,x_min,y_min,x_max,y_max\\nother.png,0,0,9,9\\nimages/ct_01.nii.gz,1,2,3,4",
                "ct_01,1,2,3,4\\nct_02,5,6,7,8",
                "image_path,label,xmin,ymin,xmax,ymax\\nimages/ct_02.nii.gz,liver,9,9,9,9\\nimages/ct_01.nii.gz,liver,1,2,3,4",
                "scan,xmin,ymin,xmax,ymax\\nct_02,9,9,9,9\\nct_01,1,2,3,4",
                "image,note,xmin,ymin,xmax,ymax\\nct_01,\"left, \"\"upper\"\"\",1,2,3,4",
                "# drawn by hand\\n\\n1,2,3,4",
                "[1,2,3,4]",
                "[[1,2,3,4]]",
                "{\"boxes\": [[1,2,3,4]]}",
                "{\"ct_02\": [[9,9,9,9]], \"ct_01.nii.gz\": [[1,2,3,4]]}",
                "{\"images\":[{\"id\":7,\"file_name\":\"a/ct_01.nii.gz\"},{\"id\":8,\"file_name\":\"b.png\"}],"
                        + "\"annotations\":[{\"image_id\":8,\"bbox\":[0,0,1,1]},{\"image_id\":7,\"bbox\":[1,2,3,3]}]}"
            })
    void everyFormGivesTheSameBox(String text) throws Exception {
        assertThat(read(text.replace("\\n", "\n"))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void linesMayHaveSixNumbers() throws Exception {
        assertThat(read("z_min,z_max,x_min,x_max,y_min,y_max\n5,6,1,3,2,4")).containsExactly(1, 2, 5, 3, 4, 6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1,2,3",
                "a,b,c,d\n1,2,3,4",
                "1,2,3,four",
                "x_min,y_min,x_max,y_max\n1,2,3",
                "other,1,2,3,4",
                "image_id,xmin,ymin,xmax,ymax\nct_02,1,2,3,4",
                "ct_01.2,1,2,3,4\nct_01.3,1,2,3,4",
                "{\"images\":[{\"id\":7,\"file_name\":\"b.png\"}],\"annotations\":[{\"image_id\":7,\"bbox\":[1,2,3,3]}]}",
                "{\"annotations\":[{\"image_id\":7,\"bbox\":[1,2,3,3]},{\"image_id\":8,\"bbox\":[1,2,3,3]}]}",
                "{",
                "[1,",
                "[[1,2,3,\"4\"]]",
                "{\"images\":[],\"annotations\":[{\"image_id\":1}]}",
                "[[1,2,3,4],[1,2,3,4,5,6]]",
                "[[1,2]]",
                "[true]"
            })
    void otherFilesAreRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidCaseException.class)
                .hasMessageStartingWith("boxes must be ");
    }

    @Test
    void messagesNameTheFilesOwnAxes() {
        VoxelGrid grid = VoxelGrid.plain(10, 20, 30);
        DrawnBoxes beyond = DrawnBoxes.of(List.of(new double[] {0, 0, 30, 9, 9, 31}));
        assertThatThrownBy(() -> beyond.inCase(grid))
                .hasMessage("boxes[0] must be within 0..29 on z, at least partly, got 30.0..31.0");
    }
}
