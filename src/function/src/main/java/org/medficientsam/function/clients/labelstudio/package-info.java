/**
 * Label Studio's machine learning backend: a rectangle that a person draws comes in with its task, a brush in Label Studio's own run
 * lengths goes out. Written from Label Studio's client ({@code ml/api_connector.py} of 1.23); it does not know how a picture is
 * segmented.
 */
@NullMarked
package org.medficientsam.function.clients.labelstudio;

import org.jspecify.annotations.NullMarked;
