"""A customer sends pictures: chosen, pasted or dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.answers import TOO_FAST, refused
from tests.browser.picture import expect_seen, picture
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser


def hand_over(page: Page, how: str, files: list[FilePayload], *, text: str = "") -> None:
    """Lets the page have files as if they were pasted into the field or dropped on the chat."""
    page.evaluate(
        """([how, files, text]) => {
            const data = new DataTransfer();
            for (const { name, mimeType, bytes } of files) {
                data.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
            }
            if (text) data.setData("text/plain", text);
            const root = document.querySelector("kefu-chat").shadowRoot;
            const more = { bubbles: true, cancelable: true, composed: true };
            const event = how === "paste"
                ? new ClipboardEvent("paste", { ...more, clipboardData: data })
                : new DragEvent("drop", { ...more, dataTransfer: data });
            root.querySelector(how === "paste" ? "textarea" : ".scroller").dispatchEvent(event);
        }""",
        [how, [{**file, "buffer": None, "bytes": list(file["buffer"])} for file in files], text],
    )


def test_a_chosen_picture_is_shown_and_stays_over_a_reload(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    with shop.page.expect_file_chooser() as chooser:
        shop.image.click()
    chooser.value.set_files([picture()])
    expect(shop.from_("customer")).to_have_attribute("data-state", "sent")
    expect_seen(shop.pictures, (64, 48))
    expect(shop.pictures).to_have_attribute("alt", "破洞.jpg")
    # The bot cannot see it, and says so instead of guessing.
    expect(shop.from_("bot")).to_have_count(1)
    shop.page.reload()
    shop.open_chat()
    expect_seen(shop.pictures, (64, 48))


def test_a_picture_is_as_large_as_the_window_at_a_click_and_goes_again(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.file.set_input_files([picture()])
    expect_seen(shop.pictures, (64, 48))
    shop.pictures.click()
    expect(shop.viewer).to_be_in_viewport(ratio=1)
    shop.page.keyboard.press("Escape")
    expect(shop.viewer).to_be_hidden()
    expect(shop.panel).to_be_visible()


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_pictures_can_be_pasted_and_dropped(
    shared_server: Server, windows: Windows, how: str
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    hand_over(shop.page, how, [picture("一.jpg"), picture("二.jpg", size=(30, 90))])
    expect(shop.pictures).to_have_count(2)
    expect_seen(shop.pictures.last, (30, 90))
    expect(shop.from_("customer").last).to_have_attribute("data-state", "sent")
    assert shop.page.url.startswith(shared_server.url)


def test_words_that_come_with_a_picture_of_them_are_pasted_as_words(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    hand_over(shop.page, "paste", [picture()], text="从表格里复制的")
    shop.ask("满多少包邮")
    expect(shop.pictures).to_have_count(0)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        pytest.param(
            {"name": "发票.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            "只能发送 JPEG",
            id="not a picture",
        ),
        pytest.param(
            {"name": "x.heic", "mimeType": "image/heic", "buffer": b"nobody can read this"},
            "只能发送 JPEG",
            id="a picture that this browser cannot read",
        ),
        pytest.param(
            {"name": "x.gif", "mimeType": "image/gif", "buffer": b"GIF89a" * 1_000_000},
            "5 MB 以内",
            id="too large, and moving",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_kindly_before_anything_is_sent(
    shared_server: Server, windows: Windows, file: FilePayload, words: str, tmp_path: Path
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    path = tmp_path / file["name"]
    path.write_bytes(file["buffer"])
    shop.file.set_input_files(path)
    expect(shop.notice).to_contain_text(words)
    expect(shop.messages).to_have_count(0)
    shop.input.fill("好吧")
    expect(shop.notice).to_be_empty()


def test_a_photograph_that_is_too_large_is_made_smaller(
    shared_server: Server, windows: Windows, tmp_path: Path
) -> None:
    # Noise does not compress: this is as large as the photographs of today's phones.
    noise = Image.effect_noise((3000, 2250), 90).convert("RGB")
    noise.save(tmp_path / "照片.jpg", quality=98)
    assert (tmp_path / "照片.jpg").stat().st_size > 5 * 2**20
    shop = ShopPage.chat(windows, shared_server)
    shop.file.set_input_files(tmp_path / "照片.jpg")
    expect(shop.from_("customer")).to_have_attribute("data-state", "sent")
    expect_seen(shop.pictures, (2400, 1800))


def test_a_picture_on_its_way_shows_how_far_it_is_and_can_be_sent_again(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke("net::ERR_")
    shop = ShopPage.chat(windows, shared_server)
    held: list[Route] = []
    shop.page.route("**/api/customer/uploads", lambda route: held.append(route), times=1)
    shop.file.set_input_files([picture()])
    expect(shop.from_("customer").locator("progress")).to_be_visible()
    expect_seen(shop.pictures, (64, 48))
    held[0].abort()
    expect(shop.from_("customer")).to_have_attribute("data-state", "failed")
    shop.retry.click()
    expect(shop.from_("customer")).to_have_attribute("data-state", "sent")
    expect(shop.pictures).to_have_count(1)


def test_a_picture_that_was_lost_with_its_page_is_asked_for_again(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke("net::ERR_")
    shop = ShopPage.chat(windows, shared_server)
    shop.page.route("**/api/customer/uploads", lambda route: route.abort())
    shop.file.set_input_files([picture()])
    expect(shop.retry).to_be_visible()
    shop.page.reload()
    shop.open_chat()
    expect(shop.messages).to_contain_text("请重新选择")
    expect(shop.retry).to_have_count(0)


def test_a_refusal_of_the_server_is_said_in_words(shared_server: Server, windows: Windows) -> None:
    windows.provoke("status of 415")
    shop = ShopPage.chat(windows, shared_server)
    refused(shop.page, "uploads", 415, "unsupported-upload")
    shop.file.set_input_files([picture()])
    expect(shop.messages).to_contain_text("只能发送 JPEG")
    expect(shop.retry).to_have_count(0)


def test_too_many_pictures_wait_for_their_turn(shared_server: Server, windows: Windows) -> None:
    windows.provoke(TOO_FAST)
    shop = ShopPage.chat(windows, shared_server)
    refused(shop.page, "uploads", 429, "rate-limited", wait=1)
    shop.file.set_input_files([picture()])
    expect(shop.wait).to_contain_text("1 秒后自动发送")
    expect(shop.from_("customer")).to_have_attribute("data-state", "sent")


def test_a_shop_can_do_without_pictures(shared_server: Server, windows: Windows) -> None:
    page = windows.open(shared_server.clock)
    page.add_init_script("window.kefuSettings = { images: false }")
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    expect(shop.input).to_be_visible()
    expect(shop.image).to_be_hidden()
    hand_over(page, "drop", [picture()])
    shop.ask("满多少包邮")
    expect(shop.pictures).to_have_count(0)
