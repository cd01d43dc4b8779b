"""Existing clients' own code against the built jar: nnInteractive's client of 3D Slicer and napari, Label Studio's reader of brushes.

Needs what `mvn package` leaves in src/function/target, and requirements.txt with label-studio-sdk beside it (without what that needs).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import subprocess
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from nnInteractive.inference.remote.remote_session import (
    ServerAtCapacityError,
    SessionExpiredError,
    nnInteractiveRemoteInferenceSession,
)

FUNCTION = Path(__file__).parents[4]
FIXTURES = FUNCTION / "src/test/resources/clients"
TOKEN = "secret-token"  # as in the recorded requests of Label Studio


@contextlib.contextmanager
def served(log, **settings):
    """The URL of the jar with these settings."""
    fixed = {"QUARKUS_HTTP_PORT": "0", "MEDFICIENTSAM_BUNDLES": str(FUNCTION.parents[1] / "models/bundles")}
    with log.open("w") as out:
        process = subprocess.Popen(
            ["java", "-Xmx512m", "-jar", FUNCTION / "target/medficientsam-function-runner.jar"],
            env=os.environ | fixed | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 180
        while not (found := re.search(r"Listening on: http://[^:]+:(\d+)", log.read_text())):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{found[1]}"
        assert "ERROR" not in log.read_text()
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    settings = {"MEDFICIENTSAM_CLIENTS_LEASES_MOST": "2", "MEDFICIENTSAM_CLIENTS_LEASES_IDLE": "90S"}
    with served(tmp_path_factory.mktemp("served") / "log", **settings) as url:
        yield url


@pytest.fixture
def session(server):
    with nnInteractiveRemoteInferenceSession(server_url=server + "/nninteractive", api_key=None) as session:
        yield session


def volume():
    """An ellipsoid of 24 x 96 x 112 voxels in CT numbers, as the extension sends it: one channel in front."""
    z, y, x = np.mgrid[0:24, 0:96, 0:112]
    inside = ((x - 60) / 22) ** 2 + ((y - 45) / 18) ** 2 + ((z - 12) / 7) ** 2 < 1
    noise = np.random.default_rng(7).normal(0, 12, inside.shape)
    return (-80 + 150 * inside + noise).astype(np.int16)[None], inside


def dice(one, other):
    return 2 * np.logical_and(one, other).sum() / (one.sum() + other.sum())


def begin(session):
    image, inside = volume()
    session.set_image(image, {"spacing": np.array([3.0, 1.0, 1.0])})
    session.set_target_buffer(np.zeros(image.shape[1:], np.uint8))
    session.set_do_autozoom(True)
    session.reset_interactions()
    return inside


def test_the_plug_ins_offer_only_the_tool_for_boxes(session):
    offered = {name for name, there in session.supported_interactions.items() if there}
    assert offered == {"bbox2d", "bbox3d"}
    assert session.supports_undo
    assert session.ping()


def test_a_box_on_a_slice_gives_the_object_there(session):
    inside = begin(session)
    changed = session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)
    assert changed[0] == [12, 13]
    assert dice(session.target_buffer[12], inside[12]) > 0.9
    assert not session.target_buffer[:12].any()
    assert not session.target_buffer[13:].any()


def test_a_box_in_another_view_says_how_far_the_object_reaches(session):
    inside = begin(session)
    session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)
    session.add_bbox_interaction([[6, 19], [27, 64], [60, 61]], include_interaction=True)
    assert dice(session.target_buffer, inside) > 0.8


def test_undo_takes_the_last_box_back(session):
    begin(session)
    session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)
    one = session.target_buffer.copy()
    session.add_bbox_interaction([[8, 9], [30, 60], [42, 78]], include_interaction=True)
    assert (session.target_buffer != one).any()
    assert session.undo()
    assert np.array_equal(session.target_buffer, one)
    assert not session.undo()


def test_a_segment_that_was_there_is_kept(session):
    begin(session)
    there = np.zeros(session.target_buffer.shape, np.uint8)
    there[2, 5:9, 5:9] = 1
    session.add_initial_seg_interaction(there)
    session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)
    assert np.array_equal(session.target_buffer[2], there[2])
    assert session.target_buffer[12].any()


def test_boxes_may_wait_for_the_prediction(session):
    begin(session)
    session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True, run_prediction=False)
    assert not session.target_buffer.any()
    session._predict()
    assert session.target_buffer[12].any()


@pytest.mark.parametrize(
    "prompt",
    [
        lambda s: s.add_point_interaction([12, 45, 60], include_interaction=True),
        lambda s: s.add_scribble_interaction(np.ones(s.target_buffer.shape, np.uint8), include_interaction=True),
        lambda s: s.add_lasso_interaction(np.ones(s.target_buffer.shape, np.uint8), include_interaction=True),
        lambda s: s.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=False),
    ],
    ids=["point", "scribble", "lasso", "negative box"],
)
def test_what_the_model_lacks_is_refused_in_words_that_the_client_shows(session, prompt):
    begin(session)
    with pytest.raises(httpx.HTTPStatusError, match="a bounding box, as this model takes no other"):
        prompt(session)


def test_a_third_client_is_told_that_all_leases_are_claimed(server, session):
    url = server + "/nninteractive"
    with (
        nnInteractiveRemoteInferenceSession(server_url=url),
        pytest.raises(ServerAtCapacityError, match="all 2 leases are claimed"),
    ):
        nnInteractiveRemoteInferenceSession(server_url=url)


def test_one_lease_does_not_see_the_others_volume(server, session):
    begin(session)
    with nnInteractiveRemoteInferenceSession(server_url=server + "/nninteractive") as other:
        other.set_target_buffer(np.zeros((24, 96, 112), np.uint8))
        with pytest.raises(httpx.HTTPStatusError, match="an image must be sent"):
            other.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)


def test_an_unknown_lease_has_ended(session):
    session._http.headers["X-Lease-Token"] = "guessed"
    with pytest.raises(SessionExpiredError):
        session.set_do_autozoom(True)


def gauge(server, name):
    lines = httpx.get(server + "/q/metrics").text.splitlines()
    (value,) = (float(line.split()[-1]) for line in lines if re.match(name + r"(\{| )", line))
    return value


def test_volumes_that_replace_others_are_freed(server, session):
    """Forty volumes one after the other hold no more than four do."""
    kept = []
    for count in (4, 40):
        for _ in range(count):
            begin(session)
            session.add_bbox_interaction([[12, 13], [27, 64], [38, 83]], include_interaction=True)
        kept.append((gauge(server, "medficientsam_images"), gauge(server, "medficientsam_images_memory_bytes")))
    assert kept[1][0] == kept[0][0]
    assert kept[1][1] <= 1.1 * kept[0][1]


def test_label_studios_own_reader_gives_the_brush_back(server):
    found = importlib.util.find_spec("label_studio_sdk")
    brush_file = Path(found.submodule_search_locations[0]) / "converter/brush.py"
    spec = importlib.util.spec_from_file_location("brush", brush_file)  # its package wants much that this needs not
    brush = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(brush)

    _, body = (FIXTURES / "labelstudio/03_predict.http").read_bytes().split(b"\r\n\r\n", 1)
    answer = httpx.post(server + "/label-studio/predict", content=body, headers={"Content-Type": "application/json"}, timeout=60)
    (region,) = answer.raise_for_status().json()["results"][0]["result"]
    layers = brush.decode_from_annotation(
        "brush", [{"type": "brushlabels", **region["value"], "original_width": 96, "original_height": 80}]
    )
    (mask,) = layers.values()
    y, x = np.mgrid[0:80, 0:96]
    assert dice(mask > 0, ((x - 50) / 22) ** 2 + ((y - 38) / 15) ** 2 <= 1) > 0.9
    assert json.dumps(region["value"]["rle"])  # plain numbers


def test_a_token_comes_as_api_key_or_as_password(tmp_path):
    with served(tmp_path / "log", MEDFICIENTSAM_TOKEN=TOKEN) as url:
        with nnInteractiveRemoteInferenceSession(server_url=url + "/nninteractive", api_key=TOKEN) as session:
            begin(session)
        for wrong in (None, "wrong"):
            with pytest.raises(httpx.HTTPStatusError, match="401"):
                nnInteractiveRemoteInferenceSession(server_url=url + "/nninteractive", api_key=wrong)
        health = url + "/label-studio/health"
        assert httpx.get(health, auth=("label-studio", TOKEN)).status_code == 200
        for auth in (None, ("label-studio", "wrong"), (TOKEN, "")):
            assert httpx.get(health, auth=auth).status_code == 401
