"""A customer of the sample shop who types line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.decision import Decision
from bot.dialogue import Dialogue
from bot.eval_targets import SAMPLE_DAY, BotTarget
from bot.turn import Turn


class Chat:
    """One conversation with the bot, or with another turn over its articles."""

    def __init__(
        self,
        bot: BotTarget,
        at: datetime = SAMPLE_DAY,
        turn: Turn | None = None,
        **who: str,
    ) -> None:
        self._at = at
        self._dialogue = Dialogue(turn or bot.turn, bot.serving, **who)  # type: ignore[arg-type]

    async def say(self, *lines: str, picture: bool = False) -> Decision:
        """One turn over one or several messages."""
        messages: list[Sequence[dict[str, str]]] = [
            [{"type": "text", "text": line}] for line in lines
        ]
        if picture:
            messages.append([{"type": "image", "name": "photo.jpg"}])
        decision, _ = await self._dialogue.send(messages, at=self._at)
        return decision

    async def press(self, parts: Sequence[dict[str, str]]) -> Decision:
        """One turn over a button."""
        decision, _ = await self._dialogue.send([parts], at=self._at)
        return decision
