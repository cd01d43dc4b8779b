package org.medficientsam.segmenter.bundle;

/** What of a bundle's files is compared with its manifest before they are opened. */
public enum FileCheck {
    /** Sizes and SHA-256 of all bytes. */
    HASHES,
    /**
     * Sizes alone, for files that nobody can have changed since somebody compared the hashes. Reading and hashing 55 MB takes a
     * cold JVM a second.
     */
    SIZES
}
