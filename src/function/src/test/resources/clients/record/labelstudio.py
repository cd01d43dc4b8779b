"""What Label Studio 1.23.2 asks of a machine learning backend, by its own code outside Django.

    python labelstudio.py CONNECTOR ELLIPSE FOLDER

CONNECTOR is label_studio/ml/api_connector.py of the package label-studio, ELLIPSE the picture that phantom.py made.
"""

import base64
import datetime
import importlib.machinery
import sys
import types

from recorder import Anything, Recorder


class Absent:
    """Stands in for Django and for Label Studio's other modules."""

    def find_spec(self, name, path=None, target=None):
        absent = name.split(".")[0] in ("django", "label_studio", "core", "users", "tasks", "data_export", "rest_framework")
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if absent else None

    def create_module(self, spec):
        made = types.ModuleType(spec.name)
        made.__path__ = []
        made.__getattr__ = lambda member: Anything()
        made.get_env = lambda key, default=None, **more: default
        made.get_git_version = lambda: "1.23.2"
        made.SsrfBlockedUrlError = type("SsrfBlockedUrlError", (Exception,), {})
        return made

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Absent())
import django.conf  # noqa: E402

django.conf.settings = types.SimpleNamespace(
    ML_BLOCK_LOCAL_IP=False, HOSTNAME="http://labels.example:8080", INTERNAL_PORT="8080", WEBHOOK_SERIALIZERS={"project": 0}
)
CONFIG = """<View>
  <Image name="image" value="$image" zoom="true"/>
  <BrushLabels name="brush" toName="image"><Label value="Nucleus"/><Label value="Cell"/></BrushLabels>
  <RectangleLabels name="box" toName="image" smart="true"><Label value="Nucleus"/><Label value="Cell"/></RectangleLabels>
</View>"""
connector = types.ModuleType("connector")
with open(sys.argv[1]) as source:
    exec(compile(source.read(), sys.argv[1], "exec"), connector.__dict__)
connector.load_func = lambda key: lambda instance: types.SimpleNamespace(data={"id": 7, "label_config": CONFIG, "title": "cells"})

project = types.SimpleNamespace(
    id=7,
    created_at=datetime.datetime.fromtimestamp(1700000000, datetime.UTC),
    label_config=CONFIG,
    task_data_login=None,
    task_data_password=None,
    created_by=types.SimpleNamespace(auth_token=types.SimpleNamespace(key="not-a-real-key")),
)


def task(image):
    return {
        "id": 41,
        "data": {"image": image},
        "meta": {},
        "created_at": "2026-11-01T10:00:00Z",
        "updated_at": "2026-11-01T10:00:00Z",
        "is_labeled": False,
        "project": 7,
        "predictions": [],
        "annotations": [],
        "drafts": [],
    }


# The rectangle 26..73, 21..55 of 96 x 80, in percent.
rectangle = {"x": 26 / 0.96, "y": 21 / 0.8, "width": 47 / 0.96, "height": 34 / 0.8, "rotation": 0, "rectanglelabels": ["Cell"]}
drawn = {
    "result": [
        {
            "original_width": 96,
            "original_height": 80,
            "image_rotation": 0,
            "value": rectangle,
            "id": "aBcD123",
            "from_name": "box",
            "to_name": "image",
            "type": "rectanglelabels",
            "origin": "manual",
        }
    ]
}
with open(sys.argv[2], "rb") as picture:
    inline = "data:image/png;base64," + base64.b64encode(picture.read()).decode()

recorder = Recorder(lambda path: ({"Content-Type": "application/json"}, b'{"results":[]}'))
url = f"http://127.0.0.1:{recorder.port}/label-studio"
api = connector.MLApi(url=url, auth_method="BASIC_AUTH", basic_auth_user="label-studio", basic_auth_pass="secret-token")
api.health()
api.setup(project, extra_params=None)
api.validate(CONFIG)
api.make_predictions([task(inline)], project, context=drawn)
api.make_predictions([task(inline)], project)
api.delete(project)
api.get_versions(project)
api.make_predictions([task("/data/upload/7/1c2d-xray.png")], project, context=drawn)
api.make_predictions([task("http://169.254.169.254/latest/meta-data/x.png")], project, context=drawn)
api.train(project)
recorder.save(sys.argv[3])
