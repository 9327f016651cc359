"""A small picture's bytes."""

import io

from PIL import Image


def picture(form="PNG", size=(8, 8), mode="RGB"):
    made = io.BytesIO()
    Image.new(mode, size).save(made, form)
    return made.getvalue()
