"""The template says what we mean: it lints, it grants least, and a stand-in for AWS creates what it names."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

INFRA = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def translated() -> dict:
    """The CloudFormation that SAM makes of template.yaml, its local files replaced by places in S3 as a deploy does."""
    template = yaml_parse((INFRA / "template.yaml").read_text())
    template["Globals"]["Function"]["CodeUri"] = {"Bucket": "artifacts", "Key": "function.zip"}
    template["Resources"]["Batch"]["Properties"]["DefinitionUri"] = {"Bucket": "artifacts", "Key": "batch.asl.json"}

    class NoManagedPolicies:
        def load(self) -> dict:
            return {}

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        return transform(template, {}, NoManagedPolicies())


def of_type(template: dict, kind: str) -> dict[str, dict]:
    return {name: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == kind}


def statements(template: dict) -> list[tuple[str, dict]]:
    """Every policy statement anywhere in the template, with the resource it stands in."""
    found = []

    def walk(owner: str, node: object) -> None:
        if isinstance(node, dict):
            if "Effect" in node:
                found.append((owner, node))
            for child in node.values():
                walk(owner, child)
        elif isinstance(node, list):
            for child in node:
                walk(owner, child)

    for name, resource in template["Resources"].items():
        walk(name, resource)
    return found


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def lint(file: Path) -> str:
    return subprocess.run([sys.executable, "-m", "cfnlint", str(file)], capture_output=True, text=True).stdout


def test_template_lints() -> None:
    assert lint(INFRA / "template.yaml") == ""


def test_what_sam_makes_of_it_lints(translated: dict, tmp_path: Path) -> None:
    file = tmp_path / "translated.json"
    file.write_text(json.dumps(translated))
    assert lint(file) == ""


def test_no_statement_grants_everything(translated: dict) -> None:
    allowed = [(owner, s) for owner, s in statements(translated) if s["Effect"] == "Allow"]
    assert len(allowed) >= 12, "the walk must see the roles' statements"
    for owner, statement in allowed:
        assert "NotAction" not in statement and "NotResource" not in statement, owner
        for action in as_list(statement["Action"]):
            assert "*" not in action, f"{owner} grants {action}"
        for resource in as_list(statement.get("Resource", [])):
            assert resource != "*", f"{owner} grants {statement['Action']} on everything"
    for kind in ("AWS::IAM::Role", "AWS::Lambda::Function"):
        for name, properties in of_type(translated, kind).items():
            assert not properties.get("ManagedPolicyArns"), f"{name} takes a managed policy, whose grants nobody here reads"


def test_buckets_are_private_encrypted_and_refuse_plain_http(translated: dict) -> None:
    buckets = of_type(translated, "AWS::S3::Bucket")
    assert set(buckets) == {"CasesBucket", "ResultsBucket"}
    for properties in buckets.values():
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert properties["BucketEncryption"]
    tls_only = {
        owner
        for owner, s in statements(translated)
        if s["Effect"] == "Deny" and s.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert tls_only == {"CasesBucketPolicy", "ResultsBucketPolicy"}


def test_one_zip_serves_both_functions(translated: dict) -> None:
    functions = of_type(translated, "AWS::Lambda::Function")
    assert {f["Environment"]["Variables"]["QUARKUS_FUNQY_EXPORT"] for f in functions.values()} == {
        "segment",
        "segmentObjects",
    }
    assert len({json.dumps(f["Code"], sort_keys=True) for f in functions.values()}) == 1


def test_only_failed_records_come_back_and_end_in_the_dead_letter_queue(translated: dict) -> None:
    (mapping,) = of_type(translated, "AWS::Lambda::EventSourceMapping").values()
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = of_type(translated, "AWS::SQS::Queue")
    timeout = yaml_parse((INFRA / "template.yaml").read_text())["Parameters"]["TimeoutSeconds"]["MaxValue"]
    assert queues["ArrivalQueue"]["VisibilityTimeout"] >= 6 * timeout
    assert queues["ArrivalQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["ArrivalDeadLetters", "Arn"]}


def test_arrivals_of_cases_reach_the_queue(translated: dict) -> None:
    cases = of_type(translated, "AWS::S3::Bucket")["CasesBucket"]
    (arrival,) = cases["NotificationConfiguration"]["QueueConfigurations"]
    assert arrival["Queue"] == {"Fn::GetAtt": ["ArrivalQueue", "Arn"]}
    assert {r["Name"]: r["Value"] for r in arrival["Filter"]["S3Key"]["Rules"]} == {"prefix": "cases/", "suffix": ".npz"}


def test_both_ways_into_the_map_treat_a_case_alike() -> None:
    states = json.loads((INFRA / "batch.asl.json").read_text())["States"]
    by_prefix, by_manifest = states["SegmentPrefix"], states["SegmentManifest"]
    for key in set(by_prefix) | set(by_manifest):
        if key != "ItemReader":
            assert by_prefix[key] == by_manifest[key], key


def without_aliases(template: dict) -> dict:
    """moto's CloudFormation knows no function aliases: what points at one points at its function instead."""
    text = json.dumps(template)
    for name in of_type(template, "AWS::Lambda::Alias"):
        text = text.replace(f'{{"Ref": "{name}"}}', f'{{"Ref": "{name.removesuffix("Aliaslive")}"}}')
    plain = json.loads(text)
    plain["Resources"] = {n: r for n, r in plain["Resources"].items() if r["Type"] != "AWS::Lambda::Alias"}
    return plain


@pytest.mark.filterwarnings("ignore:Tried to parse")  # moto names the kinds of resource it skips
@mock_aws(config={"lambda": {"use_docker": False}})
def test_a_stand_in_for_aws_creates_what_the_template_names(translated: dict) -> None:
    region = {"region_name": "us-east-1"}
    s3 = boto3.client("s3", **region)
    s3.create_bucket(Bucket="artifacts")
    s3.put_object(Bucket="artifacts", Key="function.zip", Body=b"PK\x05\x06" + bytes(18))
    s3.put_object(Bucket="artifacts", Key="batch.asl.json", Body=(INFRA / "batch.asl.json").read_bytes())
    formation = boto3.client("cloudformation", **region)
    formation.create_stack(
        StackName="medficientsam", TemplateBody=json.dumps(without_aliases(translated)), Capabilities=["CAPABILITY_NAMED_IAM"]
    )

    stack = formation.describe_stacks(StackName="medficientsam")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
    assert outputs["CasesBucketName"] == "medficientsam-cases-123456789012"
    buckets = {b["Name"] for b in s3.list_buckets()["Buckets"]}
    assert {outputs["CasesBucketName"], outputs["ResultsBucketName"]} <= buckets
    created = [r.get("ResourceType") for r in formation.describe_stack_resources(StackName="medficientsam")["StackResources"]]
    for kind, count in {
        "AWS::SQS::Queue": 2,
        "AWS::Lambda::Function": 2,
        "AWS::Lambda::EventSourceMapping": 1,
        "AWS::Logs::LogGroup": 2,
    }.items():
        assert created.count(kind) == count, kind
    roles = {r["RoleName"] for r in boto3.client("iam", **region).list_roles()["Roles"]}
    assert any("FunctionRole" in r for r in roles) and any("BatchRole" in r for r in roles)
    machines = boto3.client("stepfunctions", **region).list_state_machines()["stateMachines"]
    assert [m["name"] for m in machines] == ["medficientsam-batch"]
