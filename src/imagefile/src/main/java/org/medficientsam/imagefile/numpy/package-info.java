/**
 * Arrays of NumPy as images: an npy file, or {@code imgs} of an npz, of any type of numbers. What the axes are is told by boxes if there
 * are any, else by the shape. Knows no window.
 */
@NullMarked
package org.medficientsam.imagefile.numpy;

import org.jspecify.annotations.NullMarked;
