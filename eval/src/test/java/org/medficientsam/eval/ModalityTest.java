package org.medficientsam.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModalityTest {

    @ParameterizedTest
    @CsvSource({
        "2D_US_phantom_000.npz, US, true",
        "3D_CT_phantom_000.npz, CT, true",
        "2DBox_X-Ray_demo.npz, X-Ray, true",
        "2D_XRay_Montgomery_01.npz, X-Ray, true",
        "2D_X-ray_1.npz, X-Ray, true",
        "2D_Xray_1.npz, X-Ray, true",
        "3DBox_MR_0012.npz, MR, true",
        "2DBox_Microscope_0012.npz, Microscopy, true",
        "2D_fundus_1.npz, Fundus, true",
        "2D_OCT_AMD_1.npz, OCT, false",
        "2DBox_Mammography_demo.npz, Mammography, false",
        "2D_Endoscopy.npz, Endoscopy, true",
        "case7.npz, unknown, false",
        "2D_7.npz, unknown, false"
    })
    void fileNameTellsTheModality(String name, String label, boolean inAverage) {
        assertEquals(label, Modality.ofCase(name).label());
        assertEquals(inAverage, Modality.ofCase(name).inAverage());
    }
}
