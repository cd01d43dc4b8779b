/**
 * An image as a file holds it, whatever the file: numbers of any type, where their axes lie in the patient, what its writer said
 * of them. Knows no format, no window and no prompt.
 */
@NullMarked
package org.medficientsam.imagefile.image;

import org.jspecify.annotations.NullMarked;
