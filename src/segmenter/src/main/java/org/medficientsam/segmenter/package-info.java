@NullMarked
package org.medficientsam.segmenter;

import org.jspecify.annotations.NullMarked;
