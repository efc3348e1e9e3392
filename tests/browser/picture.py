"""Small photographs, and whether one is really seen."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect


def picture(name: str = "破洞.jpg", *, size: tuple[int, int] = (64, 48)) -> FilePayload:
    """A small photograph."""
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def expect_seen(picture: Locator, size: tuple[int, int]) -> None:
    """The picture has come, and is not an empty frame."""
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", size[0])
    expect(picture).to_have_js_property("naturalHeight", size[1])
