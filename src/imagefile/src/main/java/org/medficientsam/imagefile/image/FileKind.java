package org.medficientsam.imagefile.image;

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

    /** Its usual name. */
    @Override
    public String toString() {
        return text;
    }
}
