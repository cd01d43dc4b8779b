package org.medficientsam.function.s3;

import org.jspecify.annotations.Nullable;

/**
 * An object that is there.
 *
 * @param version null for the latest, or where the bucket keeps no versions
 * @param eTag changes with the content
 */
public record StoredObject(S3Uri uri, @Nullable String version, long size, String eTag) {}
