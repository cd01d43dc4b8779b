"""python qupath.py CLASSPATH ELLIPSE FOLDER: runs the compiled Record.java against a recorder."""

import subprocess
import sys

from recorder import Recorder

recorder = Recorder(lambda path: ({"Content-Type": "application/json"}, b"[]"))
server = f"http://127.0.0.1:{recorder.port}/sam/"
subprocess.run(["java", "-cp", sys.argv[1], "Record", server, sys.argv[2]], check=True)
recorder.save(sys.argv[3])
