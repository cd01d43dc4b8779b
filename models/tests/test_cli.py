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
