"""Pictures from strangers: the pixels are kept and nothing else."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import UnsupportedUpload
from bot.pictures import picture_of
from handoff.uploads import Picture

MB = 1024 * 1024
RED, BLUE = (220, 30, 30), (30, 30, 220)


def image(mode: str = "RGB") -> Image.Image:
    """Twice as wide as high; the left half red, the right half blue."""
    picture = Image.new("RGB", (40, 20), RED)
    picture.paste(BLUE, (20, 0, 40, 20))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def made(received: bytes, *, largest: int = 5 * MB) -> Picture:
    return picture_of(received, largest=largest)


def opened(picture: Picture) -> Image.Image:
    again = Image.open(BytesIO(picture.content))
    again.load()
    return again


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize(
    ("kind", "mode", "type_"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/jpeg"),
        ("GIF", "P", "image/png"),
    ],
)
def test_what_phones_and_screens_make_is_taken(kind: str, mode: str, type_: str) -> None:
    source = image("L").convert("I;16") if mode == "I;16" else image(mode)
    picture = made(saved(source, kind))
    assert (picture.type, picture.width, picture.height) == (type_, 40, 20)
    shown = opened(picture)
    assert Image.MIME[str(shown.format)] == type_
    if mode in ("RGB", "RGBA", "P"):
        pixels = shown.convert("RGB")
        assert near(pixels.getpixel((5, 10)), RED)
        assert near(pixels.getpixel((35, 10)), BLUE)


def exif(**tags: int) -> Image.Exif:
    """Where and with what a photograph was taken."""
    data = Image.Exif()
    data[0x010F] = "MAKER-OF-THE-CAMERA"
    data[0x0112] = tags.get("orientation", 1)
    data.get_ifd(0x8825)[2] = (31.0, 14.0, 59.99)
    return data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_comments_are_gone(kind: str) -> None:
    profile = b"profile-of-the-screen" * 10
    received = saved(image(), kind, exif=exif(), icc_profile=profile, comment=b"a-comment")
    assert b"MAKER-OF-THE-CAMERA" in received
    picture = made(received)
    shown = opened(picture)
    assert not dict(shown.getexif())
    assert not {"icc_profile", "comment", "exif", "xmp"} & set(shown.info)
    for secret in (b"MAKER-OF-THE-CAMERA", b"profile-of-the-screen", b"a-comment"):
        assert secret not in picture.content


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (40, 20), (5, 10)),
        (2, (40, 20), (35, 10)),
        (3, (40, 20), (35, 10)),
        (4, (40, 20), (5, 10)),
        (5, (20, 40), (10, 5)),
        (6, (20, 40), (10, 5)),
        (7, (20, 40), (10, 35)),
        (8, (20, 40), (10, 35)),
        pytest.param(9, (40, 20), (5, 10), id="no orientation that there is"),
    ],
)
def test_a_photograph_stands_the_right_way_up(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    picture = made(saved(image(), "JPEG", exif=exif(orientation=orientation)))
    assert (picture.width, picture.height) == size
    assert near(opened(picture).getpixel(red_at), RED)


def test_what_can_be_seen_through_stays_so() -> None:
    clear = image("RGBA")
    clear.putalpha(Image.new("L", clear.size, 0))
    assert opened(made(saved(clear, "PNG"))).getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_what_moves_the_first_picture_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    shown = opened(made(moving))
    assert getattr(shown, "n_frames", 1) == 1
    assert near(shown.convert("RGB").getpixel((4, 4)), RED)


def test_a_picture_that_grows_when_made_anew_is_kept_as_a_photograph() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((200, 200), 90) for _ in range(3)])
    see_through = noise.convert("RGBA")
    for picture in (noise, see_through):
        assert made(saved(picture, "PNG")).type == "image/png"
        assert made(saved(picture, "PNG"), largest=60_000).type == "image/jpeg"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose head promises any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
WHOLE = saved(image(), "PNG")
PHOTO = saved(image(), "JPEG")

HOSTILE = {
    "nothing": b"",
    "svg": SVG,
    "svg behind a declaration": b'<?xml version="1.0"?>' + SVG,
    "a page": HTML,
    "a page, then a picture": HTML + PHOTO,
    "a document, then a picture": PDF + WHOLE,
    "an archive": b"PK\x03\x04" + bytes(100),
    "a program": b"MZ" + bytes(100),
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "another kind of picture": saved(image(), "BMP"),
    "a kind with a history of holes": saved(image(), "TIFF"),
    "a PostScript program": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nquit\n",
    "only a head": WHOLE[:8],
    "half a picture": WHOLE[: len(WHOLE) // 2],
    "half a photograph": PHOTO[: len(PHOTO) * 3 // 4],
    "the bytes of a picture in disorder": WHOLE[:40] + WHOLE[60:],
    "a bomb that says so": png(50_000, 50_000),
    "a bomb that pillow only warns of": png(10_000, 10_000, bytes(100)),
    "just over what is allowed": png(8_000, 5_001, bytes(100)),
    "as thin as a hair": png(20_000, 1, bytes(60_001)),
    "no pixels at all": png(0, 0),
    "fewer pixels than promised": png(4_000, 4_000, bytes(100)),
    "a text that unpacks for ever": WHOLE[:33]
    + chunk(b"zTXt", b"c\x00\x00" + zlib.compress(bytes(80 * MB)))
    + WHOLE[33:],
}


@pytest.mark.parametrize("received", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_picture_is_refused_with_what_to_do(received: bytes) -> None:
    with pytest.raises(UnsupportedUpload) as refused:
        made(received)
    words = str(refused.value) or str(UnsupportedUpload.__doc__)
    assert "send" in words


@pytest.mark.parametrize("behind", [HTML, SVG, b"PK\x03\x04 archive", PDF, bytes(1000)])
@pytest.mark.parametrize("picture", [WHOLE, PHOTO], ids=["png", "jpeg"])
def test_what_hides_behind_a_picture_is_left_behind(picture: bytes, behind: bytes) -> None:
    """Some phones append a film to every photograph, so that alone is no reason to refuse."""
    kept = made(picture + behind)
    assert behind not in kept.content
    assert b"script" not in kept.content


def test_a_page_inside_a_comment_of_a_photograph_is_gone() -> None:
    received = saved(image(), "JPEG", comment=HTML)
    assert HTML in received
    assert b"script" not in made(received).content


KINDS = [
    saved(image(mode), kind, **more)
    for kind, mode, more in (
        ("JPEG", "RGB", {"exif": exif()}),
        ("PNG", "P", {}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("GIF", "P", {}),
    )
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_a_damaged_picture_is_refused_or_made_anew_and_never_a_crash(
    whole: bytes, data: st.DataObject
) -> None:
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = made(bytes(changed[: data.draw(st.integers(1, len(changed)))]))
    except UnsupportedUpload:
        return
    assert opened(picture).size == (picture.width, picture.height)
