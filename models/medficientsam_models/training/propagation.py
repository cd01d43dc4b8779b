"""What a propagator is trained for: the masks along a track, each prompted with what it found itself one slice before."""

import torch
from torch import Tensor, nn

from ..bundle.propagation import TRAINED_WITH
from .objectives import segmentation_loss
from .tracks import STEPS, TrackBatch

# Training meets the boxes that the rules `steady` make with these.
PROFILE, TRUST = TRAINED_WITH.profile, TRAINED_WITH.trust


class Propagation(nn.Module):
    """The loss of a propagator along its own tracks."""

    def forward(self, model: nn.Module, batch: TrackBatch) -> tuple[Tensor, dict[str, float]]:
        """The mean loss over a track's steps, and the parts for the log: the DSC of each step."""
        share = profile(batch.heights)
        box = expected(batch.drawn, batch.half, share[0])
        side = 2 * batch.embeddings.shape[-1]
        logits = torch.zeros(len(box), 1, side, side, device=box.device)
        known = torch.zeros(len(box), 1, device=box.device)
        nobody = torch.zeros(len(box), 1, device=box.device)
        start = torch.zeros(len(box), model.appearance_size, device=box.device)
        total, figures = torch.zeros((), device=box.device), {}
        for k in range(STEPS):
            prompt = inside(noisy(box, batch.noise[k]), batch.drawn)
            found, iou, prototypes = model(
                batch.embeddings[k], prompt, logits, known, batch.drawn, batch.heights[k][:, None].abs(),
                nobody[..., None].expand(-1, -1, 4), nobody, nobody, start, batch.track_of_object)
            loss, parts = segmentation_loss(found.float(), iou.float(), batch.masks[k], batch.drawn)
            total = total + loss / STEPS
            figures[f"dice{k}"] = parts["dice"]
            start = prototypes.float() if k == 0 else start
            logits, known = found.detach().float(), torch.ones_like(known)
            if k + 1 < STEPS:
                box = next_box(logits[:, 0], batch.drawn, batch.half, share[k], share[k + 1])
        return total, figures


def profile(height: Tensor) -> Tensor:
    """The expected side of an object at a relative height in (-1, 1), as a share of its prompt's."""
    return (PROFILE.height * (1 - height**2).clamp(min=0) ** PROFILE.exponent).clamp(min=PROFILE.smallest)


def expected(drawn: Tensor, half: Tensor, share: Tensor) -> Tensor:
    """The profile's own box: boxes (N, 4) with half a pixel (N, 2) to each side, about their centres by (N,)."""
    return scaled(drawn + torch.cat([-half, half], dim=1), share)


def next_box(logits: Tensor, drawn: Tensor, half: Tensor, share: Tensor, next_share: Tensor) -> Tensor:
    """The steady rules' box after logits (N, m, m): the mask's own by the profile's ratio, mixed with the profile's."""
    masks = logits > 0
    rows, columns = masks.any(2), masks.any(1)
    m = masks.shape[-1]

    def ends(line: Tensor) -> tuple[Tensor, Tensor]:
        return line.float().argmax(1) / m, 1 - line.flip(1).float().argmax(1) / m

    (top, bottom), (left, right) = ends(rows), ends(columns)
    # A prompt counts pixel centres, a mask's edges lie half a pixel further.
    found = torch.stack([left, top, right, bottom], dim=1) - half.repeat(1, 2)
    found = inside(found, drawn + torch.cat([-half, half], dim=1))
    profile_box = expected(drawn, half, next_share)
    mixed = TRUST * scaled(found, next_share / share) + (1 - TRUST) * profile_box
    return torch.where(rows.any(1)[:, None], mixed, profile_box)


def scaled(box: Tensor, factor: Tensor) -> Tensor:
    """Boxes (N, 4) about their centres by (N,)."""
    centre, half = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2 * factor[:, None]
    return torch.cat([centre - half, centre + half], dim=1)


def inside(box: Tensor, drawn: Tensor) -> Tensor:
    low, high = drawn[:, :2].repeat(1, 2), drawn[:, 2:].repeat(1, 2)
    return torch.minimum(torch.maximum(box, low), high)


def noisy(box: Tensor, noise: Tensor) -> Tensor:
    """Each side moved by a share (N, 4) of the box's width or height."""
    return box + noise * (box[:, 2:] - box[:, :2]).repeat(1, 2)
