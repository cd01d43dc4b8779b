package org.medficientsam.imagefile.image;

import java.util.Locale;

/** What a file is, told by its bytes. */
public enum FileKind {
    NIFTI("NIfTI"),
    DICOM("DICOM"),
    METAIMAGE("MetaImage"),
    NRRD("NRRD"),
    DICOM_ZIP("zip of DICOM"),
    NPY("npy"),
    NPZ("npz"),
    PICTURE("picture");

    private final String text;

    FileKind(String text) {
        this.text = text;
    }

    /** Its name where a program reads it: nifti, dicom, npz and so on. */
    public String word() {
        return this == DICOM_ZIP ? DICOM.word() : text.toLowerCase(Locale.ROOT);
    }

    /** Its usual name. */
    @Override
    public String toString() {
        return text;
    }
}
