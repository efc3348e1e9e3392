"""What the server answered, changed on its way: states that a real shop rarely gets into."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

TOO_FAST = "status of 429"


def altered_session(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """From now on the page gets its sessions with `change` made to them; the rest is real."""

    def alter(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        change(body)
        route.fulfill(response=answer, json=body)

    page.route("**/api/customer/session", alter)


def refused(
    page: Page, path: str, status: int, slug: str, *, wait: int = 0, times: int = 1
) -> None:
    """The next requests to this part of the customer's API are refused."""

    def refuse(route: Route) -> None:
        route.fulfill(
            status=status,
            content_type="application/problem+json",
            headers={"Retry-After": str(wait)} if wait else {},
            body=json.dumps({"type": f"urn:kefu:problem:{slug}", "detail": slug}),
        )

    page.route(f"**/api/customer/{path}", refuse, times=1)
