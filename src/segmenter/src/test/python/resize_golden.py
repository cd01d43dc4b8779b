"""Writes resize.csv: the SHA-256 of what OpenCV makes of a reproducible picture, for both interpolations and many sizes.

Made with opencv-python-headless 4.14.0 and NumPy 2 (OpenCV 5.0.0 gives the same file):
    python src/segmenter/src/test/python/resize_golden.py > src/segmenter/src/test/resources/org/medficientsam/segmenter/picture/resize.csv
"""

import hashlib

import cv2
import numpy as np

SIZES = [  # height, width -> height, width
    (23, 37, 50, 64),
    (200, 300, 341, 512),
    (256, 256, 512, 512),
    (100, 90, 256, 230),
    (255, 255, 256, 256),
    (257, 255, 256, 254),
    (512, 512, 256, 256),
    (512, 384, 256, 192),
    (513, 511, 256, 255),
    (768, 768, 256, 256),
    (1024, 1024, 256, 256),
    (1024, 768, 512, 384),
    (1000, 1000, 256, 256),
    (871, 611, 256, 180),
    (480, 640, 192, 256),
    (1080, 1920, 288, 512),
    (96, 512, 96, 256),
    (512, 96, 256, 96),
    (300, 200, 300, 256),
    (64, 200, 128, 100),
    (1, 50, 5, 256),
    (50, 1, 256, 5),
    (1, 1, 7, 9),
    (2, 2, 1, 1),
    (3, 3, 1, 1),
    (5, 7, 1, 1),
    (2, 1000, 1, 256),
    (31, 33, 30, 32),
]


def picture(height: int, width: int, channels: int, smooth: bool) -> np.ndarray:
    """Noise from an integer hash, or gradients: the Java test makes the same."""
    if smooth:
        y, x, c = np.ogrid[:height, :width, :channels]
        return ((7 * x + 3 * y + 50 * c) // 4 % 256).astype(np.uint8)
    v = np.arange(height * width * channels, dtype=np.uint32)
    with np.errstate(over="ignore"):
        v = v * np.uint32(2654435761)
        v ^= v >> np.uint32(15)
        v *= np.uint32(2246822519)
        v ^= v >> np.uint32(13)
    return (v & np.uint32(255)).astype(np.uint8).reshape(height, width, channels)


def main() -> None:
    print("interpolation,picture,height,width,channels,toHeight,toWidth,sha256")
    for name, flag in (("LINEAR", cv2.INTER_LINEAR), ("AREA", cv2.INTER_AREA)):
        for height, width, to_height, to_width in SIZES:
            for channels in (1, 3):
                for kind in ("noise", "smooth"):
                    image = picture(height, width, channels, kind == "smooth")
                    resized = cv2.resize(image, (to_width, to_height), interpolation=flag)
                    digest = hashlib.sha256(resized.tobytes()).hexdigest()
                    print(f"{name},{kind},{height},{width},{channels},{to_height},{to_width},{digest}")


if __name__ == "__main__":
    main()
