"""The widget's files as they go over the wire: one bundle, minified and compressed once."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request, Response
from rjsmin import jsmin

WEB = Path(__file__).parents[1] / "web"

# The loader names its entry module by this path, which also works where the sources are served.
_ENTRY = "web/widget/element.js"
_EXPORTED = "mount"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=class |function |async function |const )", re.MULTILINE)

# Of the template strings only those of style sheets go over several lines.
_SHEET = re.compile(r"`\n[^`$]*`")

_YEAR_S = 365 * 24 * 3600
REVALIDATE = "no-cache"
FOR_EVER = f"public, max-age={_YEAR_S}, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One script, plain and compressed; the name is made of what it says."""

    body: bytes
    gzipped: bytes
    digest: str

    @classmethod
    def of(cls, source: str) -> Asset:
        """The script without its comments and spaces."""
        body = jsmin(source).encode()
        return cls(body, gzip.compress(body, 9, mtime=0), sha256(body).hexdigest()[:16])

    def answer(self, request: Request, *, caching: str) -> Response:
        """The script as this browser wants it, or 304 where it has it already."""
        # Weak, since the same script goes out plain and compressed.
        tag = f'W/"{self.digest}"'
        headers = {"Cache-Control": caching, "ETag": tag, "Vary": "Accept-Encoding"}
        known = {each.strip() for each in request.headers.get("if-none-match", "").split(",")}
        if tag in known:
            return Response(status_code=304, headers=headers)
        body = self.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = self.gzipped, "gzip"
        return Response(body, media_type="text/javascript", headers=headers)


@dataclass(frozen=True, slots=True)
class Widget:
    """The two scripts a shop's page loads: the loader, and the bundle that it imports."""

    loader: Asset
    bundle: Asset


def bundled(folder: Path, entry: str) -> str:
    """The modules that `entry` needs as one module, each after those it needs itself.

    The modules share one scope, so they import by the names that were exported and no two of
    them may use a name twice at their top level; a test holds them to it.
    """
    done: dict[str, str] = {}

    def add(name: str) -> None:
        if name in done:
            return
        source = (folder / name).read_text(encoding="utf-8")
        # In its place already, so that two modules that need each other do not go in circles.
        done[name] = ""
        for needed in _IMPORT.findall(source):
            add(needed)
        del done[name]
        done[name] = _EXPORT.sub("", _IMPORT.sub("", source))

    add(entry)
    return "\n".join(done.values())


def _squeezed(sheet: re.Match[str]) -> str:
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"\s+", " ", sheet[0]))


@cache
def widget() -> Widget:
    """The widget of this installation, made at its first use."""
    folder, entry = (WEB.parent / _ENTRY).parent, Path(_ENTRY).name
    source = _SHEET.sub(_squeezed, bundled(folder, entry))
    bundle = Asset.of(f"{source}\nexport {{ {_EXPORTED} }};\n")
    loader = (WEB / "widget.js").read_text(encoding="utf-8")
    return Widget(Asset.of(loader.replace(_ENTRY, f"widget/{bundle.digest}.js")), bundle)
