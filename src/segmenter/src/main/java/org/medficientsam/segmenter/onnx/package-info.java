@NullMarked
package org.medficientsam.segmenter.onnx;

import org.jspecify.annotations.NullMarked;
