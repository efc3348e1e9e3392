"""What somebody types is words, never code."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

HOSTILE = [
    pytest.param("<img src=x onerror=\"document.title='ran'\">", id="an image that fails"),
    pytest.param("<script>document.title='ran'</script>", id="a script"),
    pytest.param(
        "[七天](javascript:document.title='ran') ![](x) <svg/onload=document.title='ran'>",
        id="Markdown with a script for an address",
    ),
    pytest.param(
        '<a href="https://evil.example" style="position:fixed;inset:0">点我</a></div></main>',
        id="a link over the whole page",
    ),
]


def expect_harmless(page: Page) -> None:
    """No element came out of the words, and nothing ran."""
    expect(page).not_to_have_title("ran")
    for alien in (
        "img",
        "script",
        "iframe",
        "svg[onload]",
        "a[href^=javascript]",
        "[style*=fixed]",
    ):
        for list_ in ("kefu-list", "desk-log"):
            expect(page.get_by_test_id(list_).locator(alien)).to_have_count(0)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_of_a_customer_are_shown_as_they_were_typed(
    shared_server: Server, windows: Windows, words: str
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask(words)
    expect(shop.from_("customer").locator(".bubble")).to_have_text(words)
    expect_harmless(shop.page)


def test_hostile_words_do_no_harm_at_the_desk_nor_from_it(server: Server, windows: Windows) -> None:
    windows.provoke("status of 422 .*/reply")
    shop = ShopPage.chat(windows, server)
    desk = DeskPage.signed_in(windows, server)
    texts = [str(param.values[0]) for param in HOSTILE]
    shop.person.click()
    desk.items.click()
    desk.claim.click()
    for number, words in enumerate(texts, start=1):
        shop.say(words)
        expect(desk.from_("customer").last.locator(".text")).to_have_text(words)
        desk.say(words)
        if "https://" in words:
            # A link that no article gives is held back first, and shown with its words marked.
            expect(desk.refusal).to_contain_text("evil.example")
            expect_harmless(desk.page)
            desk.reason.fill(words)
            desk.override.click()
            expect(desk.overridden).to_contain_text(words)
        expect(shop.from_("person")).to_have_count(number)
    expect(desk.from_("person")).to_have_count(len(texts))
    expect(desk.from_("person").first).to_contain_text("<img src=x")
    expect(shop.from_("person").first).to_contain_text("<img src=x")
    for page in (shop.page, desk.page):
        expect_harmless(page)


def test_the_pages_forbid_all_scripts_and_styles_but_their_own(
    shared_server: Server, windows: Windows
) -> None:
    page = windows.open(shared_server.clock)
    for path in ("/", "/desk"):
        answer = page.goto(shared_server.url + path)
        assert answer is not None
        policy = answer.header_value("content-security-policy") or ""
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_script_that_sneaks_in_is_stopped_and_reported(
    shared_server: Server, windows: Windows
) -> None:
    page = windows.open(shared_server.clock)
    page.goto(shared_server.url)
    with page.expect_console_message(lambda message: message.type == "error"):
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "document.title = 'ran'";
                document.body.append(script);
            }"""
        )
    expect(page).not_to_have_title("ran")
    # This is also how all other tests here would notice.
    [complaint] = windows.take_complaints()
    assert "Content Security Policy" in complaint
