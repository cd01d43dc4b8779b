"""What SlicerNNInteractive 0.3.2 asks, by its own code outside 3D Slicer.

    python slicer.py MODULE FOLDER

MODULE is slicer_plugin/SlicerNNInteractive/SlicerNNInteractive.py of github.com/coendevente/SlicerNNInteractive at v0.3.2. Only
what asks Slicer itself is replaced.
"""

import contextlib
import gzip
import sys
import types

import numpy as np
from recorder import Anything, Recorder


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    made.__getattr__ = lambda member: Anything()
    sys.modules[name] = made
    return made


shown = []


@contextlib.contextmanager
def show_errors(title, waitCursor=False):
    try:
        yield
    except RuntimeError as e:
        shown.append(f"{title} {e}")


util = module(
    "slicer.util",
    tryWithErrorDisplay=show_errors,
    VTKObservationMixin=type("Mixin", (), {}),
    createProgressDialog=lambda **options: Anything(),
)
module("slicer", util=util, app=Anything(), progress_window=None)
module("slicer.i18n", tr=lambda text: text, translate=lambda context, text: text)
loadable = {"ScriptedLoadableModule": type("Module", (), {}), "ScriptedLoadableModuleWidget": type("Widget", (), {})}
module("slicer.ScriptedLoadableModule", **loadable).__all__ = list(loadable)
for name in ["qt", "vtk", "vtk.util", "vtk.util.numpy_support", "vtkmodules", "vtkmodules.util", "PythonQt", "PythonQt.QtGui"]:
    module(name)
module("vtkmodules.util.numpy_support", vtk_to_numpy=None)

extension = types.ModuleType("extension")
extension.__file__ = "/nowhere/SlicerNNInteractive.py"
with open(sys.argv[1]) as source:
    exec(compile(source.read(), sys.argv[1], "exec"), extension.__dict__)


class Client(extension.SlicerNNInteractiveWidget):
    def __init__(self, server, image):
        self.server = server
        self.image = image
        self.segment = np.zeros(image.shape, np.uint8)
        self.previous_states = {}

    def get_image_data(self):
        return self.image

    def get_segment_data(self):
        return self.segment

    def selected_segment_changed(self):
        old = self.previous_states.get("segment")
        self.previous_states["segment"] = self.segment.copy()
        return old is None or not np.array_equal(old, self.segment)

    def remove_all_but_last_prompt(self):
        pass

    def show_segmentation(self, mask):
        self.segment = mask


z, y, x = np.mgrid[0:6, 0:48, 0:64]
inside = ((x - 30) / 14) ** 2 + ((y - 24) / 10) ** 2 + ((z - 3) / 2.5) ** 2 < 1
image = (-1000 + 1100 * inside + (x * 7 + y * 13 + z * 29) % 40).astype(np.int16)
mask = np.zeros(image.shape, bool)
mask[3, 15:35, 18:44] = True


def answer(path):
    if path.endswith("interaction"):
        packed = {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"}
        return packed, gzip.compress(np.packbits(mask).tobytes())
    return {"Content-Type": "application/json"}, b'{"status":"ok"}'


recorder = Recorder(answer)
client = Client(f"http://127.0.0.1:{recorder.port}/slicer", image)
client.bbox_prompt([44, 35, 3], [16, 14, 3], positive_click=True)
assert np.array_equal(client.segment, mask), shown
client.point_prompt([30, 24, 3], positive_click=True)
lasso = np.zeros(image.shape, np.uint8)
lasso[3, 20:28, 20:40] = 1
client.lasso_or_scribble_prompt(lasso, positive_click=True, tp="lasso")
client.lasso_or_scribble_prompt(lasso, positive_click=False, tp="scribble")
assert not shown, shown
recorder.save(sys.argv[2])
