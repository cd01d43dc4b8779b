"""Windows and margins of the rules `steady`, on cases small enough to check by hand."""

import numpy as np
import pytest

from medficientsam_models.pipeline.rules import MEDFICIENTSAM, Steady
from medficientsam_models.pipeline.segment import segment
from medficientsam_models.pipeline.windows import looks, margins

SIZE = 64
STEADY = Steady(settings=None)


class Bright:
    """Segments whatever is bright in all that it is shown, and remembers what that was."""

    input_size = SIZE

    def __init__(self):
        self.shown = []

    def encode(self, image):
        self.shown.append(image)
        return image[0, 0]

    def decode(self, embedding, boxes):
        return np.repeat(np.where(embedding > 0.5, 1, -1).astype(np.float32)[None], len(boxes), axis=0)


def box(x, y, width, height):
    return [x, y, x + width - 1, y + height - 1]


def test_a_small_object_of_a_large_picture_is_found_to_the_pixel():
    image = np.zeros((400, 640), np.uint8)
    image[200:209, 300:310] = 255
    without, engine = Bright(), Bright()
    labels = segment(engine, image, np.array([box(300, 200, 10, 9)]), STEADY)
    assert labels[200:209, 300:310].all() and labels.sum() == 90
    assert segment(without, image, np.array([box(300, 200, 10, 9)]), MEDFICIENTSAM).sum() != 90
    assert len(engine.shown) == 1


def test_a_window_is_as_bright_as_in_the_whole_picture():
    image = np.full((400, 640), 100, np.uint8)
    image[0, 0], image[0, 1] = 0, 200  # nowhere near the window
    engine = Bright()
    segment(engine, image, np.array([box(300, 200, 10, 9)]), STEADY)
    assert (engine.shown[0] == 0.5).all()


def test_nothing_is_painted_beyond_box_and_margin():
    image = np.full((400, 640), 255, np.uint8)
    image[:, :2] = 0
    labels = segment(Bright(), image, np.array([box(300, 200, 100, 50), box(100, 100, 10, 9)]), STEADY)
    # 100 pixels are 10 network pixels: a window; a tenth of it, or two pixels of the window's 400 in 64
    rows, columns = np.nonzero(labels == 1)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (288, 411, 188, 261)
    rows, columns = np.nonzero(labels == 2)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (99, 110, 99, 109)


def test_pictures_that_are_hardly_shrunk_have_no_windows():
    small = np.array([box(10, 10, 8, 8)], float)
    assert [look.width for look in looks(small, 96, 96, SIZE)] == [96]
    assert [look.width for look in looks(small, 97, 96, SIZE)] == [32]


@pytest.mark.parametrize("count", [16, 17, 400])
def test_windows_are_bounded_and_every_box_is_seen_once(count):
    rng = np.random.default_rng(count)
    boxes = np.array([box(*rng.integers(0, 1990, 2), 8, 8) for _ in range(count)], float)
    found = looks(boxes, 2000, 2000, SIZE)
    assert sum(look.width < 2000 for look in found) <= 16
    assert sorted(i for look in found for i in look.boxes) == list(range(count))


def test_margins_are_a_tenth_or_two_network_pixels():
    np.testing.assert_allclose(margins(np.array([box(0, 0, 100, 20), box(0, 0, 10, 20)], float), 1.5), [10, 3])
