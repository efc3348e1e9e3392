"""Pictures from customers: taken, made anew and kept; shown to their conversation and the desk."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Header, Request, Response

from bot.errors import MessageUnreadable, UnsupportedUpload, UploadTooLarge
from bot.http import limits
from bot.http.limits import address_of
from bot.http.parts import TheKit, TheLimiter, TheParts
from bot.http.problems import documented
from bot.http.view import upload_bytes
from bot.http.visitor import TheVisitor
from bot.incoming import clean_text
from bot.pictures import TYPES, picture_of

router = APIRouter(
    prefix="/api/customer", tags=["customer"], responses=documented(401, 404, 413, 415, 422, 429)
)

PATH = "/api/customer/uploads"

_LONGEST_NAME = 200
_BODY = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
    }
}


@router.post("/uploads", status_code=201, summary="Upload a picture", openapi_extra=_BODY)
async def upload(
    request: Request,
    visitor: TheVisitor,
    kit: TheKit,
    parts: TheParts,
    limiter: TheLimiter,
    x_file_name: Annotated[str, Header(description="its name, percent-encoded")] = "",
) -> dict[str, Any]:
    """The body is the file. It is read and written anew: metadata such as the place are gone.

    A message then shows it with a part of type `image`.
    """
    await limiter.hit(limits.UPLOADS_PER_CONVERSATION, visitor.conversation)
    await limiter.hit(limits.UPLOADS_A_DAY, visitor.conversation)
    await limiter.hit(limits.UPLOADS_PER_ADDRESS, address_of(request))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise UnsupportedUpload
    largest = upload_bytes(kit.settings)
    received = await _received(request, largest)
    async with parts.picturing:
        picture = await asyncio.to_thread(picture_of, received, largest=largest)
    kept = await parts.uploads.keep(visitor.conversation, picture, name=_name(x_file_name))
    return {"upload": kept.to_json()}


async def _received(request: Request, largest: int) -> bytes:
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > largest:
            raise UploadTooLarge
    return bytes(received)


def _name(header: str) -> str:
    """A file's name without its folder; it is only ever shown as text."""
    try:
        name = clean_text(unquote(header))
    except MessageUnreadable:
        name = ""
    return name.replace("\\", "/").rpartition("/")[2].replace("\n", " ")[:_LONGEST_NAME]


@router.get("/uploads/{upload_id}", summary="A picture", response_class=Response)
async def look(
    upload_id: str, visitor: TheVisitor, parts: TheParts, limiter: TheLimiter
) -> Response:
    """The bytes, for the conversation that it was uploaded in and no other."""
    await limiter.hit(limits.READS_PER_CONVERSATION, visitor.conversation)
    return shown(*await parts.uploads.read(upload_id, conversation_id=visitor.conversation))


def shown(kind: str, content: bytes) -> Response:
    """A picture that no browser takes for anything else, and that no cache keeps."""
    return Response(
        content,
        media_type=kind,
        headers={
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
