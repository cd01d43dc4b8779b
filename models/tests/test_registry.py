"""The README's table of bundles is the one that `registry` generates, and every row of the published tables is in it."""

from pathlib import Path

import pytest

from medficientsam_models import cli
from medficientsam_models.networks.variants import VARIANTS
from medficientsam_models.reference import registry

MODELS = Path(__file__).parents[1]


def test_the_readme_is_up_to_date():
    readme = (MODELS / "README.md").read_text(encoding="utf-8")
    assert readme == registry.update(readme, registry.render(MODELS)), "run: medficientsam-models registry --update"


def test_every_published_row_has_a_bundle_and_a_command():
    rows = {entry.row: entry for entry in registry.ENTRIES}
    assert list(rows) == ["MedSAM", "LiteMedSAM", "MedficientSAM-L0", "MedficientSAM-L1", "MedficientSAM-L2",
                          "Distillation", "No Augmentation"]
    for row, entry in rows.items():
        published = VARIANTS[entry.variant].published
        assert published.method == row or published.method == "MedficientSAM-L1"
        assert entry.command.startswith(f"medficientsam-models export --variant {entry.variant} ")
        assert ("--decoder" in entry.command) == (row == "Distillation")


def test_the_command_prints_and_updates_the_table(tmp_path, capsys):
    (tmp_path / "bundles").mkdir()
    assert cli.main(["registry", "--models", str(tmp_path)]) == 0
    table = capsys.readouterr().out
    assert "| `l0` | MedficientSAM-L0 | 34.79M | 36.80G | 512 |" in table and "ours" not in table
    (tmp_path / "README.md").write_text(f"before\n{registry.BEGIN}\nold\n{registry.END}\nafter\n")
    assert cli.main(["registry", "--models", str(tmp_path), "--update"]) == 0
    assert (tmp_path / "README.md").read_text() == f"before\n{registry.BEGIN}\n{table}{registry.END}\nafter\n"


def test_a_readme_without_marks_is_not_overwritten():
    with pytest.raises(ValueError, match="README must hold"):
        registry.update("no marks here", "table")
