/**
 * The forms of an answer, one class each: what {@code ?format=} calls it, its media type, the memory that writing it takes, and how
 * it is written. A new form is a new class here and nothing else: {@link org.medficientsam.function.service.AnswerForms} finds it, and
 * OpenAPI lists it. It does not know who asks, nor how a case is segmented.
 */
@NullMarked
package org.medficientsam.function.answer;

import org.jspecify.annotations.NullMarked;
