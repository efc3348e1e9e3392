"""What a customer sees: the demo shop with the chat widget."""

from __future__ import annotations

from typing import Any, Self

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import Windows
from tests.server import Server


class ShopPage:
    """The shop in one tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        at = page.get_by_test_id
        self.launcher, self.panel = at("kefu-launcher"), at("kefu-panel")
        self.close, self.unread = at("kefu-close"), at("kefu-unread")
        self.welcome, self.suggestions = at("kefu-welcome"), at("kefu-suggestion")
        self.input, self.send, self.person = at("kefu-input"), at("kefu-send"), at("kefu-person")
        self.messages, self.choices = at("kefu-message"), at("kefu-choice")
        self.sources, self.order_card = at("kefu-sources"), at("kefu-order-card")
        self.status, self.connection = at("kefu-status"), at("kefu-connection")
        self.hours, self.retry = at("kefu-hours"), at("kefu-retry")
        self.wait, self.notice = at("kefu-wait"), at("kefu-notice")
        self.draft, self.typing, self.ai = at("kefu-draft"), at("kefu-typing"), at("kefu-ai")
        self.related, self.return_to_bot = at("kefu-related"), at("kefu-return-to-bot")
        self.image, self.file, self.pictures = at("kefu-image"), at("kefu-file"), at("kefu-picture")
        self.viewer = at("kefu-viewer")
        self.end, self.end_yes, self.end_no = at("kefu-end"), at("kefu-end-yes"), at("kefu-end-no")
        self.rating, self.comment, self.rate = (
            at("kefu-rating"),
            at("kefu-comment"),
            at("kefu-rate"),
        )

    @classmethod
    def visit(cls, windows: Windows, server: Server, **options: Any) -> Self:
        """A new visitor opens the shop."""
        shop = cls(windows.open(server.clock, **options))
        shop.page.goto(server.url)
        return shop

    @classmethod
    def chat(cls, windows: Windows, server: Server, **options: Any) -> Self:
        """A new visitor opens the chat of the shop."""
        shop = cls.visit(windows, server, **options)
        shop.open_chat()
        return shop

    def open_chat(self) -> None:
        """Clicks the launcher and waits for the welcome."""
        self.launcher.click()
        expect(self.welcome).to_be_visible()

    def another_tab(self) -> ShopPage:
        """The same visitor opens the shop in one more tab, with the chat open."""
        other = ShopPage(self.page.context.new_page())
        other.page.goto(self.page.url)
        other.launcher.click()
        return other

    def from_(self, sender: str) -> Locator:
        """The messages of customer, bot or person."""
        return self.page.locator(f'[data-testid="kefu-message"][data-sender="{sender}"]')

    def say(self, text: str) -> None:
        """Types a message and sends it with Enter."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str, *, answers: int = 1) -> Locator:
        """Says something and waits for the bot's message number `answers`."""
        self.say(text)
        expect(self.from_("bot")).to_have_count(answers)
        return self.from_("bot").last

    def end_chat(self) -> None:
        """Ends the conversation and says yes."""
        self.end.click()
        self.end_yes.click()

    def stars(self, score: int) -> Locator:
        """One of the five stars."""
        return self.rating.locator("label").nth(score - 1)

    def sign_in(self, customer: str) -> None:
        """Signs in at the shop as one of its invented customers."""
        menu = self.page.get_by_test_id("shop-customer")
        option = menu.locator(f'option[value="{customer}"]')
        expect(option).to_be_attached()
        menu.select_option(customer)
        expect(self.page.get_by_test_id("shop-sign-out")).to_be_visible()

    def texts(self) -> list[str]:
        """The words of all messages, in their order."""
        bubbles = self.messages.locator(".bubble, .card")
        return [text.strip() for text in bubbles.all_inner_texts()]
