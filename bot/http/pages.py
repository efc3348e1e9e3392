"""Static pages and files, under a strict Content-Security-Policy."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from bot.http.assets import FOR_EVER, REVALIDATE, WEB, widget
from bot.http.parts import TheKit

# Pictures in a conversation are fetched with its token and shown as blob: addresses.
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

router = APIRouter(include_in_schema=False)


def _page(name: str) -> FileResponse:
    return FileResponse(
        WEB / name,
        headers={"Content-Security-Policy": CSP, "Cache-Control": REVALIDATE},
    )


@router.get("/desk")
async def desk() -> FileResponse:
    """The page of the shop's people."""
    return _page("desk.html")


@router.get("/widget.js")
async def loader(request: Request) -> Response:
    """The one script a shop puts on its pages."""
    return widget().loader.answer(request, caching=REVALIDATE)


@router.get("/widget/{digest}.js")
async def bundle(digest: str, request: Request) -> Response:
    """What the loader imports; its address changes with what it says."""
    made = widget().bundle
    # While servers are replaced one by one, a loader may come from one and ask another.
    caching = FOR_EVER if digest == made.digest else "no-store"
    return made.answer(request, caching=caching)


@router.get("/healthz")
async def healthz(kit: TheKit) -> dict[str, str | None]:
    """Alive, and with which knowledge version."""
    return {"status": "ok", "version": kit.brain.served.version}


def install(app: FastAPI, *, demo: bool) -> None:
    """Adds pages and files; the demo shop only where it is asked for."""
    app.include_router(router)
    if demo:

        @app.get("/", include_in_schema=False)
        async def shop() -> FileResponse:
            return _page("shop.html")

    app.mount("/web", StaticFiles(directory=WEB), name="web")
