"""BatchNorm folded into the convolution before it, for faster inference; the network computes the same."""

from torch import nn
from torch.nn.utils import fuse_conv_bn_eval


def fold_batch_norms(model: nn.Module) -> None:
    """Folds in place; the network must be in evaluation mode, and its keys are no longer the checkpoint's."""
    for module in list(model.modules()):
        for convolution, norm in (("conv", "norm"), ("c", "bn")):
            if isinstance(getattr(module, norm, None), nn.BatchNorm2d):
                setattr(module, convolution, fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm)))
                setattr(module, norm, nn.Identity())
