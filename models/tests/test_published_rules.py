"""The rules of the published programs, against label maps that a plain script beside the Java tests made with the bundle `nano`."""

from pathlib import Path

import numpy as np
import pytest

from medficientsam_models.pipeline.engines import OnnxEngine
from medficientsam_models.pipeline.prompting import WholePixels
from medficientsam_models.pipeline.rules import PUBLISHED
from medficientsam_models.pipeline.segment import segment

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "src/segmenter/src/test/resources/org/medficientsam/segmenter/golden"  # see src/segmenter/src/test/python/mask_golden.py


@pytest.fixture(scope="module")
def nano():
    return OnnxEngine(ROOT / "models/bundles/nano", 256)


@pytest.mark.parametrize("rules", PUBLISHED)
@pytest.mark.parametrize("case", [
    "rgb_200x300", "grey_301x257", "rgb_90x64", "grey_512x512", "grey_480x640", "grey_9x96x80", "rgb_6x70x110"])
def test_masks_are_those_of_a_script_that_shares_nothing(nano, case, rules):
    golden = np.load(GOLDEN / f"{case}.npz")
    labels = segment(nano, golden["imgs"], golden["boxes"], PUBLISHED[rules])
    differing = labels != golden[f"segs.{rules}"]
    assert not (differing & ~golden[f"unsure.{rules}"].astype(bool)).any()  # unsure: a logit within 1e-4 of the threshold


def test_whole_pixel_boxes_are_cut_and_centred():
    """By hand: 512 pixels on 256, so 11 is cut to 5, of which 5.5 is the centre."""
    prompts = WholePixels().prompts(np.array([[11, 20, 101, 511]]), 300, 512, 256)
    np.testing.assert_array_equal(prompts, np.array([[5.5, 10.5, 50.5, 255.5]], np.float32) / 256)


def test_a_thin_part_of_a_low_label_rounds_away_where_that_of_a_high_label_stays():
    """By hand: a row of 1024 x 1024 averages to a quarter of the label: 0.25 rounds to 0, 2.25 to 2."""
    mask = np.zeros((1024, 1024), bool)
    mask[200:280, 200:280] = True
    mask[199, 400:600] = True
    rules = WholePixels()
    np.testing.assert_array_equal(rules.following(mask, 1, 256), np.array([47.5, 47.5, 72.5, 72.5], np.float32) / 256)
    np.testing.assert_array_equal(rules.following(mask, 9, 256), np.array([47.5, 46.5, 152.5, 72.5], np.float32) / 256)
    assert rules.following(np.zeros((1024, 1024), bool), 1, 256) is None
