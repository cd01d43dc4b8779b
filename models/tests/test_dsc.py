"""DSC on masks small enough to count by hand."""

import numpy as np
import pytest
import torch

from medficientsam_models.evaluation.dsc import dsc, mean_dsc


def test_dsc_is_twice_the_overlap_over_both_sizes():
    a, b = np.array([1, 1, 1, 0], bool), np.array([0, 1, 1, 1], bool)
    assert dsc(a, b) == pytest.approx(2 * 2 / 6)
    assert dsc(a, a) == 1 and dsc(a, ~a) == 0
    assert dsc(a, np.zeros(4, bool)) == 0


def test_two_empty_masks_have_none():
    assert np.isnan(dsc(np.zeros(4, bool), np.zeros(4, bool)))


def test_tensors_and_arrays_score_the_same_along_axes():
    rng = np.random.default_rng(1)
    a, b = (rng.random((5, 6, 7)) < 0.4 for _ in range(2))
    a[2], b[2] = False, False
    expected = [2 * sum(x and y for x, y in zip(i.flat, j.flat, strict=True)) / (i.sum() + j.sum()) if i.any() else np.nan
                for i, j in zip(a, b, strict=True)]
    np.testing.assert_allclose(dsc(a, b, (1, 2)), expected)
    np.testing.assert_allclose(dsc(torch.from_numpy(a), torch.from_numpy(b), (1, 2)).numpy(), expected, rtol=1e-6)


def test_a_case_scores_the_mean_over_the_labels_of_the_truth():
    truth = np.array([1, 1, 2, 2, 0])
    assert mean_dsc(truth, truth) == 1
    assert mean_dsc(truth, np.array([1, 0, 0, 0, 3])) == pytest.approx((2 / 3 + 0) / 2)
    assert np.isnan(mean_dsc(np.zeros(3, int), truth[:3]))
