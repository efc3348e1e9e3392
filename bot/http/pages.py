"""Static pages and files, under a strict Content-Security-Policy."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from bot.http.customer import TheKit

WEB = Path(__file__).parents[1] / "web"

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)

router = APIRouter(include_in_schema=False)


def _page(name: str) -> FileResponse:
    return FileResponse(
        WEB / name,
        headers={"Content-Security-Policy": CSP, "Cache-Control": "no-cache"},
    )


@router.get("/desk")
async def desk() -> FileResponse:
    """The page of the shop's people."""
    return _page("desk.html")


@router.get("/widget.js")
async def widget() -> FileResponse:
    """The one script a shop puts on its pages."""
    return FileResponse(
        WEB / "widget.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


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
