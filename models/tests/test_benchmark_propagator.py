"""The script behind the statement of what other prompts cost."""

from pathlib import Path

import pytest

from medficientsam_models import benchmark_propagator

MODELS = Path(__file__).parents[1]


def test_it_times_the_shipped_propagator_by_number_of_other_prompts(capsys):
    assert benchmark_propagator.main([str(MODELS / "bundles/micro-int8"), "--rounds", "1"]) == 0
    rows = [line.split("|")[1:4] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [int(row[0]) for row in rows] == list(benchmark_propagator.COUNTS)
    assert all(float(row[1]) > 0 for row in rows)


def test_a_bundle_without_a_propagator_is_refused(capsys):
    with pytest.raises(SystemExit):
        benchmark_propagator.main([str(MODELS / "bundles/nano")])
    assert "bundle must hold a propagator.onnx, nano has none" in capsys.readouterr().err
