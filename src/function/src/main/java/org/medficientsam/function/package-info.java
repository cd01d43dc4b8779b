@NullMarked
package org.medficientsam.function;

import org.jspecify.annotations.NullMarked;
