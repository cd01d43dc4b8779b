package org.medficientsam.function.rest.exchange;

import java.util.Set;

/** Content types under which files come that are recognised by their bytes. */
public final class FileTypes {
    public static final String MULTIPART = "multipart/form-data";

    /** What curl calls any body that it is told nothing of. */
    public static final String CURL = "application/x-www-form-urlencoded";

    private static final Set<String> OTHERS = Set.of(
            "", // none
            CURL,
            MULTIPART,
            "application/gzip",
            "application/x-gzip",
            "application/dicom",
            "application/nifti",
            "application/x-nifti",
            "application/vnd.unknown.nifti-1");

    private FileTypes() {}

    /** Whether a file may come under it; an npz has types of its own beside. */
    public static boolean isFile(String type) {
        return OTHERS.contains(type) || type.startsWith("image/");
    }
}
