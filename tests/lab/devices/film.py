"""Make a short film for the camera that plays one. Run in .lab-venv: film.py PATH."""

import sys

import cv2
import numpy as np

film = cv2.VideoWriter(sys.argv[1], cv2.VideoWriter_fourcc(*"mp4v"), 5, (320, 240))
for number in range(25):
    film.write(np.full((240, 320, 3), number * 10, dtype=np.uint8))
film.release()
