"""Every row of the published tables as a bundle: where its weights come from, how it is made, and whether it is here today."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..bundle.files import MANIFEST
from ..bundle.manifest import Manifest
from ..networks.variants import VARIANTS
from ..verification.counts import as_published, count_variant

BEGIN, END = "<!-- registry: begin -->", "<!-- registry: end -->"

_MEDSAM = "medsam/medsam_vit_b.pth"
_BOWANG = "bowang-lab/MedSAM"
_MEDFICIENTSAM = "hieplpvip/medficientsam"


@dataclass(frozen=True)
class Entry:
    """One bundle that can be made from published weights; `checkpoint` as the original project names the file."""

    id: str
    row: str                    # of the published tables
    variant: str
    source: str                 # the repository whose README links the weights
    checkpoint: str
    decoder: str | None = None  # for distillations, which are encoders only

    @property
    def command(self) -> str:
        decoder = f" --decoder weights/{self.decoder}" if self.decoder else ""
        return (f"medficientsam-models export --variant {self.variant} --checkpoint weights/{self.checkpoint}{decoder} "
                f"--out models/bundles/{self.id}")


ENTRIES = (
    Entry("medsam", "MedSAM", "medsam", _BOWANG, _MEDSAM),
    Entry("litemedsam", "LiteMedSAM", "litemedsam", f"{_BOWANG}, branch LiteMedSAM", "medsam/lite_medsam.pth"),
    Entry("l0", "MedficientSAM-L0", "l0", _MEDFICIENTSAM, "finetuned-l0-augmented/best.ckpt"),
    Entry("l1", "MedficientSAM-L1", "l1", _MEDFICIENTSAM, "finetuned-l1-augmented/best.ckpt"),
    Entry("l2", "MedficientSAM-L2", "l2", _MEDFICIENTSAM, "finetuned-l2-augmented/best.ckpt"),
    Entry("l1-distilled", "Distillation", "l1", _MEDFICIENTSAM, "distilled-l1/step_400000.ckpt", _MEDSAM),
    Entry("l1-unaugmented", "No Augmentation", "l1", _MEDFICIENTSAM, "finetuned-l1-unaugmented/best.ckpt"),
)


def render(models: Path) -> str:
    """The registry as Markdown, with what `models/bundles` holds."""
    bundles = {manifest.id: manifest for manifest in _bundles(models)}
    lines = [
        "| Bundle | Published row | Parameters | MACs | Resolution | Weights | In this repository |",
        "|---|---|---|---|---|---|---|",
    ]
    for entry in ENTRIES:
        variant = VARIANTS[entry.variant]
        counts = count_variant(variant)
        files = f"`{entry.checkpoint}`" + (f", decoder of `{entry.decoder}`" if entry.decoder else "")
        here = _here([bundle for id, bundle in bundles.items() if id == entry.id or id.startswith(f"{entry.id}-int8")])
        lines.append(f"| `{entry.id}` | {entry.row} | {as_published(counts.parameters)} | {as_published(counts.macs)} "
                     f"| {variant.input_size} | {files} ({entry.source}) | {here or 'no: `untrained` only'} |")
    known = {entry.id for entry in ENTRIES}
    for id, bundle in sorted(bundles.items()):
        if id not in known and not any(id.startswith(f"{name}-int8") for name in known):
            lines.append(f"| `{id}` | ours | {as_published(bundle.parameters)} | {as_published(bundle.macs)} "
                         f"| {bundle.input_size} | {bundle.weights.origin} | {_here([bundle])} |")
    lines += ["", "```sh", *(entry.command for entry in ENTRIES), "```"]
    return "\n".join(lines) + "\n"


def update(readme: str, table: str) -> str:
    """The README with the part between the two marks replaced."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README must hold {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{table}{END}{after}"


def _bundles(models: Path) -> Iterator[Manifest]:
    for path in sorted(models.glob(f"bundles/*/{MANIFEST}")):
        yield Manifest.read(path.parent)


def _here(bundles: list[Manifest]) -> str:
    return ", ".join(f"yes, {bundle.precision}" for bundle in bundles)
