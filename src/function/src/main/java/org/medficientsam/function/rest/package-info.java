/**
 * The HTTP door: paths, media types, headers, and problem+json for whatever fails at any layer. It does not know how a case is
 * segmented, nor anything of Lambda.
 */
@NullMarked
package org.medficientsam.function.rest;

import org.jspecify.annotations.NullMarked;
