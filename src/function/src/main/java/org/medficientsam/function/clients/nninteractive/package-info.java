/**
 * What 3D Slicer's and napari's nnInteractive plug-ins call, over HTTP. Written from the clients' sources; it does not know how a
 * volume is segmented or kept.
 */
@NullMarked
package org.medficientsam.function.clients.nninteractive;

import org.jspecify.annotations.NullMarked;
