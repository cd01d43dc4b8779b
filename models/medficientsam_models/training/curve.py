"""The learning curve as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # no display needed
from matplotlib import pyplot

from .validation import IMAGES


def draw(curve: Sequence[Mapping], path: Path, title: str) -> None:
    """Draws what `loop` recorded: mean validation DSC of each protocol, and of each modality in 2D, over the images shown."""
    figure, (means, modalities) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for protocol in sorted({protocol for point in curve for protocol in point["validation"]}):
        _line(means, curve, protocol, "mean", protocol)
    for modality in sorted({m for point in curve for m in point["validation"].get(IMAGES, {}).get("dsc", {})} - {"mean"}):
        _line(modalities, curve, IMAGES, modality, modality)
    means.set(title=title, xlabel="training images shown (thousands)", ylabel="DSC on validation, mean over modalities")
    modalities.set(title="2D by modality", xlabel="training images shown (thousands)")
    for axes in (means, modalities):
        axes.grid(alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _line(axes: Any, curve: Sequence[Mapping], protocol: str, key: str, label: str) -> None:
    """One line over those points of the curve at which this protocol was measured."""
    points = [(point["images"] / 1000, point["validation"][protocol]["dsc"][key])
              for point in curve if protocol in point["validation"]]
    axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=label)
