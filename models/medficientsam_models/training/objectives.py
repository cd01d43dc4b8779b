"""What a network is trained for: the reference masks, or a teacher's embedding."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..evaluation.dsc import dsc
from .mixture import Batch

_MARGIN = 0.15            # of the box, each side: where a wrong pixel costs in full
_MARGIN_PIXELS = 2
_OUTSIDE_WEIGHT = 0.15    # of the whole square, spread over it
_IOU_WEIGHT = 0.3


class Supervised(nn.Module):
    """Binary cross-entropy inside the enlarged box, Dice, and the error of the predicted IoU."""

    def forward(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of a batch, and its parts for the log."""
        logits, iou = model(batch.images.float() / 255, batch.boxes, batch.image_of_box)
        return segmentation_loss(logits.float(), iou.float(), batch.masks, batch.boxes, batch.weights)


def segmentation_loss(logits: Tensor, iou: Tensor, masks: Tensor, boxes: Tensor,
                      weights: Tensor | None = None, counted: Tensor | None = None) -> tuple[Tensor, dict[str, Tensor]]:
    """Logits (N, 1, m, m), IoU (N, 1), masks (N, S, S) of coverage 0..255, boxes (N, 4) / S; how much each mask counts (N,), and
    each pixel (N, S, S). The parts for the log are left where they were computed: reading them would wait for the device."""
    weights = torch.ones(len(masks), device=logits.device) if weights is None else weights
    size = masks.shape[-1]
    x = F.interpolate(logits, size=(size, size), mode="bilinear", align_corners=False)[:, 0]
    target = masks.float() / 255
    counted = torch.ones((), device=x.device) if counted is None else counted
    cross_entropy = F.binary_cross_entropy_with_logits(x, target, _weights(boxes, size) * weights[:, None, None] * counted,
                                                       reduction="sum") / len(x)
    p, target = x.sigmoid() * counted, target * counted
    dice = (1 - (2 * (p * target).sum((1, 2)) + 1) / (p.sum((1, 2)) + target.sum((1, 2)) + 1)) * weights
    with torch.no_grad():
        hard, truth = (x > 0) & (counted > 0.5), target > 0.5
        intersection = (hard & truth).sum((1, 2)).float()
        total = hard.sum((1, 2)).float() + truth.sum((1, 2)).float()
        true_iou = intersection / (total - intersection).clamp(min=1)
        hard_dice = dsc(hard, truth, (1, 2)).nan_to_num()
    iou_error = F.mse_loss(iou[:, 0], true_iou)
    loss = cross_entropy + dice.mean() + _IOU_WEIGHT * iou_error
    return loss, {"cross_entropy": cross_entropy.detach(), "dice_loss": dice.mean().detach(), "iou_error": iou_error.detach(),
                  "dice": hard_dice.mean()}


def _weights(boxes: Tensor, size: int) -> Tensor:
    """(N, S, S): one over the enlarged box in all, so that small objects count as much as large ones, and a little everywhere."""
    centres = (torch.arange(size, device=boxes.device) + 0.5)[None]

    def within(low: Tensor, high: Tensor) -> Tensor:
        margin = (high - low) * _MARGIN + _MARGIN_PIXELS
        inside = ((centres > (low - margin)[:, None]) & (centres < (high + margin)[:, None])).float()
        return inside / inside.sum(1, keepdim=True).clamp(min=1)

    x0, y0, x1, y1 = (boxes * size).unbind(1)
    return within(y0, y1)[:, :, None] * within(x0, x1)[:, None, :] + _OUTSIDE_WEIGHT / size**2


class Distillation(nn.Module):
    """Mean squared error to the embedding of a teacher; where shapes differ, of a learned projection of the student's."""

    def __init__(self, student: nn.Module, teacher: nn.Module):
        super().__init__()
        self._teacher = [teacher.eval().requires_grad_(False)]  # in a list: neither trained, nor saved, nor moved to train mode
        channels, wanted = student.embedding_shape[0], teacher.embedding_shape[0]
        self.project = nn.Identity() if channels == wanted else nn.Conv2d(channels, wanted, 1)

    def forward(self, model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        teacher = self._teacher[0]
        image = batch.images.float() / 255
        with torch.no_grad():
            wanted = teacher.encode(_resized(image, teacher.input_size)).float()
        answer = self.project(model.encode(image)).float()
        if answer.shape[-2:] != wanted.shape[-2:]:
            answer = F.interpolate(answer, size=wanted.shape[-2:], mode="bilinear", align_corners=False)
        loss = F.mse_loss(answer, wanted)
        return loss, {"embedding_error": loss.item() / wanted.square().mean().clamp(min=1e-12).item()}

    def to(self, *args: object, **kwargs: object) -> "Distillation":
        self._teacher[0].to(*args, **kwargs)
        return super().to(*args, **kwargs)


def _resized(image: Tensor, size: int) -> Tensor:
    return image if image.shape[-1] == size else F.interpolate(image, size=(size, size), mode="bilinear", align_corners=False)
