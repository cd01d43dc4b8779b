/**
 * The challenge's npz: {@link org.medficientsam.casefile.npz.Npz} reads and writes named arrays in a zip archive,
 * {@link org.medficientsam.casefile.npz.CaseNpz} and {@link org.medficientsam.casefile.npz.LabelMapNpz} turn them into typed
 * cases and label maps and back. Every declared size is checked against {@link org.medficientsam.casefile.Limits} before anything
 * of that size is allocated. It does not know where the bytes come from, nor what is done with a case.
 */
@NullMarked
package org.medficientsam.casefile.npz;

import org.jspecify.annotations.NullMarked;
