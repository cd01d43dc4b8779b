"""A whole validation set through the state machine: our ASL, our zip, our harness; moto for the services around them.

Needs what ``mvn verify`` leaves in the target folders: the zip, AWS' runtime client beside it, the harness's jar.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import struct
import subprocess
import time
import zipfile
from pathlib import Path

import boto3
import pytest

from local_aws import LocalAws, LocalFunction, unzip

ROOT = Path(__file__).parents[2]
FUNCTION = ROOT / "src/function/target"
EVAL = ROOT / "eval/target/medficientsam-eval.jar"


@pytest.fixture(scope="module")
def aws():
    if not EVAL.exists():
        raise FileNotFoundError(f"{EVAL} must exist: run mvn verify -DskipTests")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            environment.setenv(name, "us-east-1")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "none")
        aws = LocalAws()
        try:
            environment.setenv("AWS_ENDPOINT_URL", aws.url)
            s3 = boto3.client("s3")
            for bucket in ("cases", "results"):
                s3.create_bucket(Bucket=bucket)
            allowed = {"MEDFICIENTSAM_S3_ALLOWED": "s3://cases/,s3://results/"}
            client = FUNCTION / "lambda-runtime"
            aws.deploy("segment", LocalFunction(unzip(FUNCTION / "function.zip"), client, "segment", allowed))
            yield aws
        finally:
            aws.close()


@pytest.fixture(scope="module")
def state_machine(aws: LocalAws) -> str:
    definition = (ROOT / "infra/batch.asl.json").read_text()
    for name, value in {
        "SegmentFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:segment",
        "MaxConcurrency": "2",
        "ResultsBucket": "results",
    }.items():
        definition = definition.replace("${" + name + "}", value)
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return boto3.client("stepfunctions").create_state_machine(name="batch", definition=definition, roleArn=role)[
        "stateMachineArn"
    ]


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty cases, of which two cannot be segmented."""
    folder = tmp_path_factory.mktemp("phantoms")
    harness("phantoms", "--count", "10", "--modality", "US,X-Ray,Dermoscopy,Endoscopy,PET", "--out", folder)
    cases = sorted((folder / "imgs").glob("*.npz"))
    assert len(cases) == 50
    bad = [next(c for c in cases if "_US_" in c.name), next(c for c in cases if "Dermoscopy" in c.name)]
    bad[0].write_bytes(bad[0].read_bytes()[:1000])
    bad[1].write_bytes(b"forgotten")
    return folder


# Exit statuses of a run of which some cases, or all, failed.
FAILED, NONE_DONE = 1, 2


def harness(*arguments: object, code: int = 0) -> str:
    done = subprocess.run(command(*arguments), capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def command(*arguments: object) -> list[str]:
    return ["java", "-Xmx512m", "-jar", str(EVAL), *map(str, arguments)]


def rows(run: Path) -> list[dict[str, str]]:
    with (run / "cases.csv").open() as file:
        return list(csv.DictReader(file))


def test_fifty_cases_with_two_bad_ones_end_in_48_label_maps_and_2_reasons(
    aws: LocalAws, state_machine: str, phantoms: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"

    out = harness(
        "run", "--dataset", f"path:{phantoms}", "--target", f"batch:{state_machine}",
        "--bucket", "cases", "--results-bucket", "results", "--out", run, code=FAILED,
    )  # fmt: skip

    assert "50 cases, 2 failed" in out
    failed = [row for row in rows(run) if row["status"] != "ok"]
    assert len(rows(run)) == 50 and len(failed) == 2
    for row in failed:
        assert row["error"].startswith("400 Malformed case: npz must be "), row
    assert len(list((run / "segs").glob("*.npz"))) == 48
    keys = [o["Key"] for p in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="results") for o in p["Contents"]]
    assert sum("/failed/" in key for key in keys) == 2
    assert sum("/segs/" in key and key.endswith(".npz") for key in keys) == 48
    with (run / "scores.csv").open() as file:
        scores = list(csv.DictReader(file))
    assert len(scores) == 50
    harness("report", run, "--out", tmp_path / "report")
    assert (tmp_path / "report").exists()

    before = len(aws.invocations)
    assert "50 cases, 2 failed" in harness(
        "run", "--dataset", f"path:{phantoms}", "--target", f"batch:{state_machine}",
        "--bucket", "cases", "--results-bucket", "results", "--out", run, code=FAILED,
    )  # fmt: skip
    assert len(aws.invocations) == before, "a finished run sends nothing"


def test_a_prefix_is_mapped_as_a_manifest_is(aws: LocalAws, state_machine: str, phantoms: Path) -> None:
    s3, states = boto3.client("s3"), boto3.client("stepfunctions")
    cases = few(phantoms)
    for case in cases:
        s3.upload_file(str(case), "cases", f"by-prefix/in/{case.name}")
    s3.put_object(Bucket="cases", Key="by-prefix/other/2D_US_beside.npz", Body=b"not under the prefix")

    execution = states.start_execution(
        stateMachineArn=state_machine,
        input=json.dumps(
            {"bucket": "cases", "prefix": "by-prefix/in/", "resultsBucket": "results", "resultsPrefix": "by-prefix/out/"}
        ),
    )["executionArn"]
    deadline = time.monotonic() + 120
    while (now := states.describe_execution(executionArn=execution))["status"] == "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.5)

    assert now["status"] == "SUCCEEDED", now
    good = sorted(case.stem for case in cases[1:])
    segs = keys("results", "by-prefix/out/segs/")
    assert sorted(name(key) for key in segs if key.endswith(".npz")) == good
    assert sorted(name(key) for key in segs if key.endswith(".json")) == good
    (failed,) = keys("results", "by-prefix/out/failed/")
    assert failed == f"by-prefix/out/failed/by-prefix/in/{cases[0].name}.json"
    reason = json.loads(s3.get_object(Bucket="results", Key=failed)["Body"].read())
    assert reason["key"] == f"by-prefix/in/{cases[0].name}"
    assert reason["error"].endswith("LambdaFault$Malformed")


def test_a_harness_that_is_killed_finds_its_running_execution_again(
    aws: LocalAws, state_machine: str, phantoms: Path, tmp_path: Path
) -> None:
    states = boto3.client("stepfunctions")
    cases = few(phantoms)
    (tmp_path / "set/imgs").mkdir(parents=True)
    for case in cases:
        shutil.copy(case, tmp_path / "set/imgs")
    arguments = (
        "run", "--dataset", f"path:{tmp_path}/set", "--target", f"batch:{state_machine}",
        "--bucket", "cases", "--results-bucket", "results", "--out", tmp_path / "run",
    )  # fmt: skip
    before, invoked = executions(state_machine), len(aws.invocations)

    killed = subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    deadline = time.monotonic() + 120
    while len(aws.invocations) == invoked and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    (execution,) = executions(state_machine) - before
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING", "killed too late to show anything"
    out = harness(*arguments, code=FAILED)

    assert f"{len(cases)} cases, 1 failed" in out
    assert executions(state_machine) - before == {execution}, "the running execution is followed, no other is started"
    assert len(aws.invocations) - invoked == len(cases), "no case is sent twice"
    assert {row["case"] for row in rows(tmp_path / "run") if row["status"] == "ok"} == {case.name for case in cases[1:]}


def test_a_harness_that_was_killed_before_its_execution_began_starts_one(
    aws: LocalAws, state_machine: str, phantoms: Path, tmp_path: Path
) -> None:
    cases = few(phantoms)
    (tmp_path / "set/imgs").mkdir(parents=True)
    (tmp_path / "run/work").mkdir(parents=True)
    for case in cases:
        shutil.copy(case, tmp_path / "set/imgs")
    never = state_machine.replace(":stateMachine:", ":execution:") + ":eval-never"
    (tmp_path / "run/work/execution.arn").write_text(never)
    before = executions(state_machine)

    out = harness(
        "run", "--dataset", f"path:{tmp_path}/set", "--target", f"batch:{state_machine}",
        "--bucket", "cases", "--results-bucket", "results", "--out", tmp_path / "run", code=FAILED,
    )  # fmt: skip

    assert f"{len(cases)} cases, 1 failed" in out
    (execution,) = executions(state_machine) - before
    assert execution.startswith(never.removesuffix("never")), "noted under the name it will have"


def few(phantoms: Path) -> list[Path]:
    """Eight of the cases, the first of which cannot be segmented."""
    cases = sorted((phantoms / "imgs").glob("*Dermoscopy*.npz"))[:8]
    assert cases[0].read_bytes() == b"forgotten"
    return cases


def keys(bucket: str, prefix: str) -> list[str]:
    return [o["Key"] for o in boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def name(key: str) -> str:
    """The case of a result's key, <case>.<model>.<content>.<npz or json>."""
    return key.rsplit("/", 1)[1].rsplit(".", 3)[0]


def executions(state_machine: str) -> set[str]:
    listed = boto3.client("stepfunctions").list_executions(stateMachineArn=state_machine)["executions"]
    return {execution["executionArn"] for execution in listed}


def test_a_run_on_lambda_scores_as_the_batch_does(aws: LocalAws, phantoms: Path, tmp_path: Path) -> None:
    run = tmp_path / "lambda"

    out = harness("run", "--dataset", f"path:{phantoms}", "--target", "lambda:segment", "--out", run, code=FAILED)

    assert "50 cases, 2 failed" in out
    ok = [row for row in rows(run) if row["status"] == "ok"]
    assert len(ok) == 48
    assert all(float(row["encode_ms"]) > 0 for row in ok)


def test_what_is_too_large_for_an_event_goes_through_s3(aws: LocalAws, tmp_path: Path) -> None:
    (tmp_path / "set/imgs").mkdir(parents=True)
    write_noise(tmp_path / "set/imgs/2D_US_noise.npz", side=1300)

    refused = harness(
        "run", "--dataset", f"path:{tmp_path}/set", "--target", "lambda:segment", "--out", tmp_path / "a", code=NONE_DONE,
    )  # fmt: skip
    sent = harness(
        "run", "--dataset", f"path:{tmp_path}/set", "--target", "lambda:segment",
        "--bucket", "cases", "--results-bucket", "results", "--out", tmp_path / "b",
    )  # fmt: skip

    assert "give --bucket" in refused
    assert "1 cases, 0 failed" in sent


def write_noise(file: Path, side: int) -> None:
    """An RGB image that does not deflate, with one box."""

    def npy(dtype: str, shape: tuple[int, ...], data: bytes) -> bytes:
        header = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode() + b"\n"
        return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data

    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("imgs.npy", npy("|u1", (side, side, 3), random.Random(1).randbytes(side * side * 3)))
        archive.writestr("boxes.npy", npy("<f8", (1, 4), struct.pack("<4d", 100, 100, 900, 900)))
