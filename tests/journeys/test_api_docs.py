"""The API describes itself: every body with an example, every error as a problem document."""

from __future__ import annotations

from tests.server import Server


def test_every_body_has_an_example_and_every_group_names_its_problems(
    shared_server: Server,
) -> None:
    api = shared_server.client().get("/openapi.json").json()
    schemas = api["components"]["schemas"]
    routes = [
        (path, route)
        for path, methods in api["paths"].items()
        if path.startswith(("/api/customer", "/api/desk"))
        for route in methods.values()
    ]
    assert len(routes) >= 14
    for path, route in routes:
        assert route["summary"], path
        assert "application/problem+json" in route["responses"]["422"]["content"], path
        # A picture is a body that has no fields to show.
        body = route.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            name = body["schema"]["$ref"].rsplit("/", 1)[-1]
            assert schemas[name]["examples"], name
    assert not any(path.startswith("/api/control") for path in api["paths"])


def test_the_docs_page_needs_no_other_host(shared_server: Server) -> None:
    page = shared_server.client().get("/api-docs")
    assert page.status_code == 200
    assert "https://" not in page.text
