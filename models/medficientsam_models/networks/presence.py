"""Where the other objects of a case are to be expected, from their boxes alone."""

import torch
from torch import Tensor

from .box_features import placed
from .fourier import pixel_centres


def presence(boxes: Tensor, heights: Tensor, ranks: Tensor, size: int, sub: int, input_size: int) -> Tensor:
    """What each pixel of a (size * sub)^2 grid knows of other objects: (N, size*size, sub*sub, 2), of smaller ones and of larger.

    boxes (N, K, 4) are round the whole objects; heights (N, K) say where the slice lies in each, 0 in the middle and 1 half a slice
    beyond either end, more where it is further out; ranks (N, K) are 1 for a smaller object, -1 for a larger, 0 for none.
    A solid's presence is 1 in its middle, 1/2 on the ellipsoid in its box, and 0 from the square root of 2 times its size on.
    The grid is ordered (row, column, sub-row, sub-column), see box_features.
    """
    centre_x, centre_y, half_w, half_h = placed(boxes, input_size)                           # (N, K) each
    centres = pixel_centres(size * sub, boxes)
    u = (centres - centre_x[..., None]) / half_w[..., None]                                  # (N, K, size * sub)
    v = (centres - centre_y[..., None]) / half_h[..., None]
    columns = (u * u + (heights * heights)[..., None]).reshape(*ranks.shape, 1, size, 1, sub)
    rows = (v * v).reshape(*ranks.shape, size, 1, sub, 1)
    near = (1 - 0.5 * (columns + rows)).clamp(0, 1)                                          # (N, K, size, size, sub, sub)
    rank = ranks[..., None, None, None, None]
    found = [(near * (sign * rank).clamp(min=0)).amax(1) for sign in (1, -1)]
    return torch.stack(found, dim=-1).reshape(-1, size * size, sub * sub, 2)
