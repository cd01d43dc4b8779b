package org.medficientsam.imagefile.intensity;

import org.medficientsam.casefile.ImageArray;

/**
 * An image in 8 bits and how it came to them.
 *
 * @param image (D, H, W, C) uint8, sliced as its grid says
 */
public record EightBit(ImageArray image, AppliedWindow window) {}
