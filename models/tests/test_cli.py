"""The console command: what every command has in common."""

import subprocess
import sys

import pytest

from medficientsam_models import cli


def test_help_names_every_command_without_loading_pytorch():
    script = ("import sys; from medficientsam_models import cli\n"
              "try: cli.main(['--help'])\n"
              "finally: assert 'torch' not in sys.modules")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=cli.__file__.rsplit("/", 2)[0])
    assert done.returncode == 0, done.stderr
    for command in cli.COMMANDS:
        assert command in done.stdout


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as done:
        cli.main([command, "--help"])
    assert done.value.code == 0
    assert f"usage: medficientsam-models {command}" in capsys.readouterr().out


def test_what_the_caller_got_wrong_is_one_line_and_status_2(tmp_path, capsys):
    assert cli.main(["registry", "--models", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == ("medficientsam-models registry: --models must be a folder with bundles/, "
                                       "found none\n")


def test_what_the_system_refuses_is_one_line_that_names_the_file(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["golden", "--variant", "litemedsam", "--out", str(tmp_path / "file" / "out")]) == 2
    assert capsys.readouterr().err == "medficientsam-models golden: out: Not a directory\n"


@pytest.mark.parametrize(("arguments", "message"), [
    (("train", "--variant", "nano", "--data", ".", "--out", "x", "--steps", "0"), "--steps: must be a whole number of at least 1, got 0"),
    (("train", "--variant", "nano", "--data", ".", "--out", "x", "--minutes", "nan"), "--minutes: must be a number above 0, got nan"),
    (("train", "--variant", "nano", "--data", ".", "--out", "x", "--steps", "1", "--hold-out", "3"),
     "--hold-out: must be at least 0 and below 1, got 3"),
    (("train-propagator", "--variant", "nano", "--init", "x", "--out", "x", "--steps", "1", "--workers", "-1"),
     "--workers: must be a whole number of at least 0, got -1"),
    (("benchmark", "--propagator", ".", "--rounds", "0"), "--rounds: must be a whole number of at least 1, got 0"),
    (("verify", "bundle", "--threads", "some"), "--threads: must be a whole number of at least 1, got some"),
])
def test_numbers_that_make_no_sense_are_refused_before_anything_is_read(capsys, arguments, message):
    with pytest.raises(SystemExit) as done:
        cli.main(arguments)
    assert done.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", [
    ("train", "--variant", "nano", "--data", "nowhere"),
    ("train-propagator", "--variant", "nano", "--init", "nowhere", "--encoder", "nowhere", "--volumes", "nowhere"),
])
@pytest.mark.parametrize("device", ["cuda", "cuda:1", "toaster"])
def test_a_device_that_is_not_there_is_one_line(capsys, monkeypatch, command, device):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert cli.main([*command, "--steps", "1", "--out", "nowhere", "--device", device]) == 2
    assert capsys.readouterr().err == (f"medficientsam-models {command[0]}: --device must be cpu, as PyTorch finds no other here, "
                                       f"got {device}\n")
