package org.medficientsam.segmenter.bundle;

/** What of a bundle's files is compared with its manifest before anything is run with them. */
public enum FileCheck {
    /** Sizes and SHA-256 of all bytes, at once. */
    HASHES,
    /** Sizes at once, the SHA-256 of each graph while it is loaded: no graph runs whose hash is not the manifest's. */
    HASHES_WHILE_LOADING,
    /**
     * Sizes alone, for files that nobody can have changed since somebody compared the hashes. Reading and hashing 55 MB takes a
     * cold JVM a second.
     */
    SIZES
}
