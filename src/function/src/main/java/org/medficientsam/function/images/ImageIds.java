package org.medficientsam.function.images;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Ids that nobody can guess: 192 random bits, as a URL may carry them. */
final class ImageIds {
    private static final int BYTES = 24;

    private @Nullable SecureRandom random; // made when the first image comes

    synchronized String next() {
        SecureRandom source = random;
        if (source == null) source = new SecureRandom();
        random = source;
        byte[] id = new byte[BYTES];
        source.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}
