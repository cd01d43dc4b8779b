"""The learning curve as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # no display needed
from matplotlib import pyplot  # noqa: E402


def draw(curve: Sequence[Mapping], path: Path, title: str) -> None:
    """Draws what `loop` recorded: mean validation DSC of each protocol, and of each modality in 2D, over the images shown."""
    points = [point for point in curve if point.get("validation")]
    figure, (means, modalities) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    images = [point["images"] / 1000 for point in points]
    for protocol in sorted({protocol for point in points for protocol in point["validation"]}):
        shown = [(x, point["validation"][protocol]["dsc"]["mean"]) for x, point in zip(images, points, strict=True)
                 if protocol in point["validation"]]
        means.plot(*zip(*shown, strict=True), marker="o", markersize=3, label=protocol)
    for modality in sorted({m for point in points for m in point["validation"].get("2D", {}).get("dsc", {})} - {"mean"}):
        modalities.plot(images, [point["validation"]["2D"]["dsc"][modality] for point in points], label=modality)
    means.set(title=title, xlabel="training images shown (thousands)", ylabel="DSC on validation, mean over modalities")
    modalities.set(title="2D by modality", xlabel="training images shown (thousands)")
    for axes in (means, modalities):
        axes.grid(alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
