"""What the people of the shop see: the desk."""

from __future__ import annotations

from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import Windows
from tests.server import MEI, Server


class DeskPage:
    """The desk in one tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        at = page.get_by_test_id
        self.items, self.messages = at("desk-item"), at("desk-message")
        self.holder, self.claim, self.reply = at("desk-holder"), at("desk-claim"), at("desk-reply")
        self.send, self.trail = at("desk-send"), at("desk-trail")
        self.return_, self.close = at("desk-return"), at("desk-close")
        self.note, self.confirm = at("desk-note"), at("desk-confirm")
        self.error, self.customer = at("desk-error"), at("desk-customer")
        self.orders = at("desk-order")
        self.pending, self.refusal = at("desk-pending"), at("desk-refusal")
        self.reason, self.override = at("desk-override-reason"), at("desk-override")
        self.change, self.overridden = at("desk-change"), at("desk-overridden")

    @classmethod
    def signed_in(
        cls, windows: Windows, server: Server, account: dict[str, str] = MEI, **options: Any
    ) -> Self:
        """Somebody opens the desk and signs in."""
        desk = cls(windows.open(server.clock, **options))
        desk.page.goto(f"{server.url}/desk")
        desk.sign_in(account)
        expect(desk.page.get_by_test_id("desk-presence")).to_have_attribute("data-state", "online")
        expect(desk.page.get_by_test_id("desk-feed")).to_have_attribute("data-state", "live")
        return desk

    def sign_in(self, account: dict[str, str]) -> None:
        """Fills in the form."""
        self.page.get_by_test_id("desk-email").fill(account["email"])
        self.page.get_by_test_id("desk-password").fill(account["password"])
        self.page.get_by_test_id("desk-sign-in").click()

    def view(self, name: str) -> None:
        """Chooses queue, mine, bot, tickets or closed."""
        self.page.get_by_test_id(f"desk-view-{name}").click()

    def count(self, view: str) -> Locator:
        """The number beside a view."""
        return self.page.get_by_test_id(f"desk-count-{view}")

    def from_(self, sender: str) -> Locator:
        """The messages of customer, bot or person."""
        return self.page.locator(f'[data-testid="desk-message"][data-sender="{sender}"]')

    def say(self, text: str) -> None:
        """Replies to the customer."""
        self.reply.fill(text)
        self.send.click()
