/**
 * The server that QuPath's extension for Segment Anything talks to ({@code samapi} 0.7): a picture in base64 and a rectangle come in,
 * polygons go out. Written from the extension's source; it does not know how a picture is segmented or kept.
 */
@NullMarked
package org.medficientsam.function.clients.samapi;

import org.jspecify.annotations.NullMarked;
