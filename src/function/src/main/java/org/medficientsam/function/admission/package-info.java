/**
 * What a case will cost, told from its header, and whether there is room for it now: caps on one case ({@link
 * org.medficientsam.function.admission.CostLimits}), turns and memory shared by all ({@link
 * org.medficientsam.function.admission.AdmissionControl}). It knows neither requests nor doors, and runs nothing.
 */
@NullMarked
package org.medficientsam.function.admission;

import org.jspecify.annotations.NullMarked;
