"""Pictures from strangers: read, judged and made anew; what was received is never handed on.

A new file from the pixels alone has no place of a photograph in it, no text, no second file behind
the first, and nothing that a browser could take for a page.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from bot.errors import UnsupportedUpload
from handoff.uploads import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")

# Of 40 million pixels, the most that decoding takes is 160 MB of memory.
_MOST_PIXELS = 40_000_000
# WebP cannot be wider or higher.
_LONGEST_SIDE = 16_383
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 88
_ORIENTATION = 0x0112

# What Pillow is known to raise on files that are broken or made to break it.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    # Half-broken files are warned of, and a warning may be made an error.
    UserWarning,
)


def picture_of(received: bytes, *, largest: int) -> Picture:
    """The picture in a file, made anew, in at most about `largest` bytes; of a GIF the first frame.

    Slow, up to seconds for the largest: call it in a thread. Raises UnsupportedUpload.
    """
    image = _opened(received)
    # Screenshots stay sharp; photographs would grow tenfold.
    lossless = image.format in ("PNG", "GIF")
    try:
        # Broken data shows here at the latest, not when somebody looks at the picture.
        image.load()
        image = _bare(image)
    except _BROKEN as error:
        raise UnsupportedUpload(
            "The picture is damaged or incomplete; open it, save it again and send that."
        ) from error
    kind, content = _written(image, lossless=lossless or image.mode == "RGBA")
    if len(content) > largest:
        kind, content = _written(image, lossless=False)
    return Picture(kind, image.width, image.height, content)


def _opened(received: bytes) -> Image:
    from PIL import Image

    try:
        image = Image.open(BytesIO(received), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise UnsupportedUpload from error
    # Judged by what the head of the file promises, before a byte of it is unpacked.
    if image.width * image.height > _MOST_PIXELS or max(image.size) > _LONGEST_SIDE:
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> UnsupportedUpload:
    return UnsupportedUpload(
        f"The picture has more than {_MOST_PIXELS // 1_000_000} million pixels or a side over "
        f"{_LONGEST_SIDE:,}; send a smaller one."
    )


def _bare(image: Image) -> Image:
    """The pixels, the right way up, and nothing else."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(_orientation(image))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    bare = image.convert(mode)
    if turn is not None:
        bare = bare.transpose(turn)
    # Colour profiles and comments would be written again from here.
    bare.info = {}
    return bare


def _orientation(image: Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        # The pixels are whole; a picture that lies on its side is better than none.
        return 1
    return value if isinstance(value, int) else 1


def _written(image: Image, *, lossless: bool) -> tuple[str, bytes]:
    from PIL import Image

    file = BytesIO()
    if lossless:
        image.save(file, "PNG")
        return "image/png", file.getvalue()
    if image.mode == "RGBA":
        # JPEG knows no transparency; what was see-through is seen on white.
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    image.save(file, "JPEG", quality=_QUALITY)
    return "image/jpeg", file.getvalue()
