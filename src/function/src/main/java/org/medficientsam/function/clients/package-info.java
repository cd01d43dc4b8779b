/**
 * Doors for plug-ins that people have already, each in a package of its own that speaks as the server does which the plug-in was made
 * for: {@link org.medficientsam.function.clients.samapi} for QuPath, {@link org.medficientsam.function.clients.nninteractive} for 3D
 * Slicer and napari, {@link org.medficientsam.function.clients.labelstudio}. Here is what they share: settings, bodies, faults, and
 * pictures that come again with every box. Images go where those of {@code /v1/images} go, cases where all cases go.
 */
@NullMarked
package org.medficientsam.function.clients;

import org.jspecify.annotations.NullMarked;
