"""Talks to the running server of a data folder."""

from __future__ import annotations

import json
from typing import Any

import httpx

from bot.errors import Infrastructure
from bot.ownership import Server
from knowledge.errors import KnowledgeError
from knowledge.progress import Progress

# A wrong token or a crash: nothing that other words in the command would change.
_NOT_THE_QUESTION = (401, 500)


class Remote:
    """The control API of a server on this machine."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def ask(self, text: str, customer: str | None, product: str | None) -> dict[str, Any]:
        """One question, one decision."""
        return self._post("/ask", {"text": text, "customer": customer, "product": product})

    def search(self, text: str, limit: int) -> dict[str, Any]:
        """What the server finds."""
        return self._post("/search", {"text": text, "limit": limit})

    def publish(self, on_progress: Progress, **what: Any) -> int:
        """Publishes in the server; raises KnowledgeError with the server's words."""
        try:
            with (
                self._client() as client,
                client.stream("POST", "/publish", json=what, timeout=None) as answer,
            ):
                _raise_for(answer)
                for line in answer.iter_lines():
                    row = json.loads(line)
                    if "error" in row:
                        raise KnowledgeError(row["error"])
                    if "version" in row:
                        return int(row["version"])
                    on_progress(row["done"], row["total"])
        except httpx.HTTPError as error:
            raise Infrastructure(f"the running server does not answer: {error!r}") from error
        raise Infrastructure("the running server stopped while publishing; try again")

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self._server.url}/api/control",
            headers={"Authorization": f"Bearer {self._server.token}"},
            timeout=60,
            trust_env=False,
        )

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            with self._client() as client:
                answer = client.post(path, json=body)
            _raise_for(answer)
        except httpx.HTTPError as error:
            raise Infrastructure(f"the running server does not answer: {error!r}") from error
        found: dict[str, Any] = answer.json()
        return found


def _raise_for(answer: httpx.Response) -> None:
    if answer.status_code < 400:
        return
    answer.read()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError):
        detail = answer.text[:200]
    if answer.status_code in _NOT_THE_QUESTION:
        raise Infrastructure(f"the running server says: {detail}; look at its log, or restart it")
    raise KnowledgeError(str(detail))
