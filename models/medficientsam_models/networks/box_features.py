"""What a box tells every pixel, beyond its two corner tokens."""

import torch
from torch import Tensor

from .fourier import pixel_centres

BOX_FEATURES = 10


def placed(boxes: Tensor, input_size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Centre x, centre y, half width and half height of boxes (..., 4) / input_size: (...) each."""
    x0, y0, x1, y1 = boxes.unbind(-1)
    # A quarter of a pixel outwards in all, and never less than three eighths wide: a box may be one pixel or one line.
    px = input_size
    return (x0 + x1 + 0.25 / px) * 0.5, (y0 + y1 + 0.25 / px) * 0.5, (x1 - x0) * 0.5 + 0.375 / px, (y1 - y0) * 0.5 + 0.375 / px


def box_features(boxes: Tensor, size: int, sub: int, input_size: int) -> Tensor:
    """What each pixel of a (size * sub)^2 grid knows of each box: (N, size*size, sub*sub, 10), clamped to [-2, 2].

    Box-relative x and y in half box widths, their squares less one, the distance to the inscribed ellipse, to the nearest
    side (fine and coarse) and to the ellipse in pixels, and half the log of the half width and height.
    The grid is ordered (row, column, sub-row, sub-column), as the transposed convolutions produce it.
    """
    px = input_size
    centre_x, centre_y, half_w, half_h = placed(boxes[:, None], input_size)       # (N, 1) each
    centres = pixel_centres(size * sub, boxes)[None]
    dx, dy = centres - centre_x, centres - centre_y                               # (N, size * sub)

    def columns(t: Tensor) -> Tensor:
        return t.reshape(-1, 1, size, 1, sub)

    def rows(t: Tensor) -> Tensor:
        return t.reshape(-1, size, 1, sub, 1)

    def everywhere(t: Tensor) -> Tensor:
        return t.reshape(-1, 1, 1, 1, 1)

    u, v = (dx / half_w).clamp(-2, 2), (dy / half_h).clamp(-2, 2)
    radius = (columns(u * u) + rows(v * v) + 1e-6).sqrt() - 1                     # 0 on the inscribed ellipse
    side = torch.minimum(columns((half_w - dx.abs()) * px), rows((half_h - dy.abs()) * px))
    ellipse = radius * everywhere(torch.minimum(half_w, half_h) * (-0.5 * px))
    features = [
        columns(u), rows(v), columns(u * u - 1), rows(v * v - 1), radius,
        (side * 0.5).clamp(-2, 2), (side * 0.06).clamp(-2, 2), ellipse.clamp(-2, 2),
        everywhere((half_w * 8).log() * 0.5), everywhere((half_h * 8).log() * 0.5)]
    return torch.stack(torch.broadcast_tensors(*features), dim=-1).reshape(-1, size * size, sub * sub, BOX_FEATURES)
