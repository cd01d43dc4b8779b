package org.medficientsam.function;

import java.util.List;

/** What goes in and what comes out over REST. */
final class MediaTypes {
    static final String NPZ = "application/x-npz";
    static final String ZIP = "application/zip";
    static final String OCTETS = "application/octet-stream";
    static final String JSON = "application/json";
    static final String PNG = "image/png";

    /** Names under which an npz is taken. */
    static final List<String> CASES = List.of(NPZ, ZIP, OCTETS);

    /** What can be answered, the default first. */
    static final List<String> ANSWERS = List.of(NPZ, JSON, PNG);

    private MediaTypes() {}
}
