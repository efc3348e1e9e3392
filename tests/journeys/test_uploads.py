"""Pictures over HTTP: sent, seen by the conversation and the desk, and by nobody else."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from PIL import Image

from tests.journeys.test_bad_input import problem
from tests.server import Customer, Server

HTML = b"<!doctype html><script>alert(document.domain)</script>"


def photo(**more: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (60, 40), (220, 30, 30)).save(file, "JPEG", **more)
    return file.getvalue()


def upload(
    customer: Customer, content: Any, kind: str = "image/jpeg", **headers: str
) -> httpx.Response:
    return customer.client.post(
        "/api/customer/uploads",
        content=content,
        headers={**customer.headers, "Content-Type": kind, **headers},
    )


def uploaded(customer: Customer, name: str = "破损.jpg") -> dict[str, Any]:
    answer = upload(customer, photo(), **{"X-File-Name": quote(name)})
    assert answer.status_code == 201, answer.text
    kept: dict[str, Any] = answer.json()["upload"]
    return kept


def look(customer: Customer, upload_id: str) -> httpx.Response:
    return customer.client.get(f"/api/customer/uploads/{upload_id}", headers=customer.headers)


def test_a_customer_sends_a_picture_and_the_desk_sees_it(shared_server: Server) -> None:
    customer, mei = shared_server.customer(), shared_server.person()
    kept = uploaded(customer)
    assert (kept["name"], kept["type"]) == ("破损.jpg", "image/jpeg")
    assert (kept["width"], kept["height"]) == (60, 40)
    answer = customer.post({"type": "image", "upload": kept["id"], "name": "ignored"})
    assert answer.status_code == 201
    part = {
        "type": "image",
        "upload": kept["id"],
        "name": "破损.jpg",
        "width": 60,
        "height": 40,
    }
    assert answer.json()["message"]["parts"] == [part]
    assert customer.resume()["messages"][0]["parts"] == [part]
    assert mei.look(customer.id)["messages"][0]["parts"] == [part]
    seen = mei.client.get(f"/api/desk/uploads/{kept['id']}")
    assert seen.content == look(customer, kept["id"]).content
    assert len(seen.content) == kept["bytes"]


def test_a_picture_is_something_that_the_bot_cannot_read_so_a_person_looks(
    shared_server: Server,
) -> None:
    customer = shared_server.customer()
    customer.post({"type": "image", "upload": uploaded(customer)["id"]}).raise_for_status()
    customer.next_message("bot")
    look_at_it = shared_server.person().look(customer.id)
    assert look_at_it["conversation"]["reason"] == "unreadable_media"


def test_a_browser_takes_it_for_a_picture_and_keeps_it_nowhere(shared_server: Server) -> None:
    customer = shared_server.customer()
    kept = uploaded(customer)
    desk = shared_server.person().client.get(f"/api/desk/uploads/{kept['id']}")
    for answer in (look(customer, kept["id"]), desk):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer.headers["cache-control"]


def test_another_conversation_and_a_stranger_at_the_desk_do_not_get_it(
    shared_server: Server,
) -> None:
    customer, other = shared_server.customer(), shared_server.customer()
    kept = uploaded(customer)
    problem(look(other, kept["id"]), 404, "not-found")
    problem(other.post({"type": "image", "upload": kept["id"]}), 404, "not-found")
    assert other.resume()["messages"] == []
    problem(look(customer, "no-such-upload"), 404, "not-found")
    stranger = shared_server.client()
    problem(stranger.get(f"/api/customer/uploads/{kept['id']}"), 401, "invalid-token")
    problem(stranger.get(f"/api/desk/uploads/{kept['id']}"), 401, "not-signed-in")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (HTML, "image/png"),
        (HTML, "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"),
        (photo()[:300], "image/jpeg"),
        (photo(), "application/octet-stream"),
        (b"", "image/png"),
    ],
)
def test_what_is_no_picture_is_refused_kindly(
    shared_server: Server, content: bytes, kind: str
) -> None:
    answer = upload(shared_server.customer(), content, kind)
    assert "send" in problem(answer, 415, "unsupported-upload")["detail"]


def test_what_a_photograph_tells_besides_is_not_kept(shared_server: Server) -> None:
    customer = shared_server.customer()
    exif = Image.Exif()
    exif[0x010E] = "AT-HOME"
    received = photo(exif=exif, comment=HTML) + HTML
    assert b"AT-HOME" in received
    kept = upload(customer, received).json()["upload"]
    served = look(customer, kept["id"]).content
    assert b"AT-HOME" not in served
    assert b"script" not in served


def test_the_limit_of_an_upload_is_its_own_and_told_at_the_start(shared_server: Server) -> None:
    customer = shared_server.customer()
    limits = customer.opened["limits"]
    assert limits["message"] == 4000
    assert limits["upload_bytes"] == 5 * 1024 * 1024
    assert "image/webp" in limits["upload_types"]
    just_right = photo() + bytes(limits["upload_bytes"] - len(photo()))
    assert upload(customer, just_right).status_code == 201
    problem(upload(customer, just_right + b"x"), 413, "body-too-large")
    pieces = (just_right[at : at + 100_000] for at in range(0, len(just_right), 100_000))
    assert upload(customer, pieces).status_code == 201
    pieces = (b"x" * 100_000 for _ in range(60))
    problem(upload(customer, pieces), 413, "body-too-large")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", ""),
        (quote("我的 照片.jpg"), "我的 照片.jpg"),
        (quote("../../etc/passwd"), "passwd"),
        (quote(r"C:\Users\mei\照片.jpg"), "照片.jpg"),
        (quote("<img src=x onerror=alert(1)>.jpg"), "<img src=x onerror=alert(1)>.jpg"),
        (quote("a\x00b.jpg"), ""),
        ("%ff%fe.jpg", ""),
        (quote("长" * 300), "长" * 200),
    ],
)
def test_a_name_is_a_text_and_nothing_more(shared_server: Server, header: str, name: str) -> None:
    answer = upload(shared_server.customer(), photo(), **{"X-File-Name": header})
    assert answer.json()["upload"]["name"] == name


def test_a_flood_of_pictures_is_slowed_down(server: Server) -> None:
    customer = server.customer()
    answers = [upload(customer, photo()) for _ in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [201] * 10
    limited = answers[-1]
    problem(limited, 429, "rate-limited")
    assert int(limited.headers["Retry-After"]) >= 1
    assert server.customer().post({"type": "text", "text": "在吗"}).status_code == 201
