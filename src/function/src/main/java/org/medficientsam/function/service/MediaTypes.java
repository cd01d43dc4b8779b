package org.medficientsam.function.service;

import java.util.List;

/** What goes in and what comes out over REST. */
public final class MediaTypes {
    public static final String NPZ = "application/x-npz";
    public static final String ZIP = "application/zip";
    public static final String OCTETS = "application/octet-stream";
    public static final String JSON = "application/json";
    public static final String PNG = "image/png";
    public static final String GZIP = "application/gzip";
    public static final String GEOJSON = "application/geo+json";

    /** Names under which an npz is taken. */
    public static final List<String> CASES = List.of(NPZ, ZIP, OCTETS);

    private MediaTypes() {}
}
