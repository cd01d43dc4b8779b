@NullMarked
package org.medficientsam.casefile;

import org.jspecify.annotations.NullMarked;
