@NullMarked
package org.medficientsam.eval;

import org.jspecify.annotations.NullMarked;
