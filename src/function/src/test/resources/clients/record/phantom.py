"""The picture in the recorded requests: a bright ellipse on a dim, rippled ground, 96 x 80, RGB.

python phantom.py ellipse.png
"""

import sys

import numpy as np
from PIL import Image

y, x = np.mgrid[0:80, 0:96]
inside = ((x - 50) / 22) ** 2 + ((y - 38) / 15) ** 2 <= 1
grey = 60 + 110 * inside + ((x * 7 + y * 13) % 17)
Image.fromarray(np.stack([grey, grey * 0.8, grey * 0.9], -1).astype(np.uint8)).save(sys.argv[1])
