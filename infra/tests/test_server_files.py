"""The files for servers say what the service does: checks of health, probes, limits, a root that cannot be written."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from installed import ROOT
from test_distribution import free_port, serving

SERVER = ROOT / "infra/server"


def containers() -> list[tuple[str, dict, dict]]:
    """Name, pod and container of every workload."""
    found = []
    for file in ("kubernetes.yaml", "batch-kubernetes.yaml"):
        for document in yaml.safe_load_all((SERVER / file).read_text()):
            if document["kind"] in ("Deployment", "Job"):
                pod = document["spec"]["template"]["spec"]
                found += [(file, pod, container) for container in pod["containers"]]
    assert len(found) == 2
    return found


@pytest.mark.parametrize(("file", "pod", "container"), containers(), ids=lambda value: value if isinstance(value, str) else "")
def test_pods_run_as_nobody_on_a_read_only_root_within_limits(file: str, pod: dict, container: dict) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]
    assert set(container["resources"]["limits"]) == {"cpu", "memory"}


def health_check(port: int) -> list[str]:
    """The Dockerfile's, of another port."""
    text = (SERVER / "Dockerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    (command,) = re.findall(r"HEALTHCHECK.*?CMD (\[.*?\])$", text, re.MULTILINE | re.DOTALL)
    return [part.replace("/8080 ", f"/{port} ") for part in json.loads(command)]


def test_health_check_and_probes_tell_whether_it_serves(installed: Path, out: Path) -> None:
    port = free_port()
    assert subprocess.run(health_check(port), capture_output=True, timeout=30).returncode != 0
    (_, _, container), _ = containers()
    probes = [probe["httpGet"] for name, probe in container.items() if name.endswith("Probe")]
    assert len(probes) == 3 and {probe["port"] for probe in probes} == {"http"}

    with serving(installed, out, port) as get:
        checked = subprocess.run(health_check(port), capture_output=True, timeout=30)
        assert checked.returncode == 0, checked.stderr
        for probe in probes:
            assert get(probe["path"]).startswith(b"{")

    assert subprocess.run(health_check(port), capture_output=True, timeout=30).returncode != 0


def test_compose_serves_on_this_machine_alone_and_shows_the_dashboard() -> None:
    services = yaml.safe_load((SERVER / "compose.yaml").read_text())["services"]
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])
    assert services["medficientsam"]["read_only"] is True
    for service in services.values():
        for volume in service.get("volumes", []):
            assert (SERVER / volume.split(":")[0]).is_file()
    jobs = yaml.safe_load((SERVER / "prometheus.yaml").read_text())["scrape_configs"]
    assert jobs[0]["metrics_path"] == "/q/metrics"
    assert jobs[0]["static_configs"][0]["targets"] == ["medficientsam:8080"]
