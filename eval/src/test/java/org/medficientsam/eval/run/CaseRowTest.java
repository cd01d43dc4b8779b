package org.medficientsam.eval.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseRowTest {

    @ParameterizedTest
    @CsvSource({
        "patient1.npz, 32x176x176, true",
        "3D_CT_1.npz, 32x176x176, true",
        "3Dscan.npz, 176x176, false",
        "2D_US_1.npz, 176x176, false",
        "3D_CT_1.npz, '', true",
        "2D_US_1.npz, '', false"
    })
    void volumeIsWhatHasThreeAxesWhateverItsName(String name, String dims, boolean volume) {
        List<String> cells =
                List.of(name, "CT", dims, "ok", "1.0", "1", "", "", "", "", "", "", "", "", "", "10", "10", "");
        assertEquals(volume, CaseRow.parse(cells).isVolume());
    }
}
