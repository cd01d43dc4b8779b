/**
 * Cases and label maps in S3: the one form of JSON request that may name them, the store with its allowed prefixes, retries and
 * deadline, and answers that are written once under a key made of case, model and content. It knows neither which door a request
 * came through nor how a case is segmented.
 */
@NullMarked
package org.medficientsam.function.s3;

import org.jspecify.annotations.NullMarked;
