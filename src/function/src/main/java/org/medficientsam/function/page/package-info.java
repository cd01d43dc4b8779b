/**
 * The page that people open in a browser: static files of the jar with the headers that keep foreign scripts out. It knows no image,
 * no model and no other door; what the page asks for it asks over REST, as any client does.
 */
@NullMarked
package org.medficientsam.function.page;

import org.jspecify.annotations.NullMarked;
