"""The shipped list and the shop's own as one: what is in force in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.policy.check import check, version_with
from bot.policy.finding import Finding
from bot.policy.listing import PolicyList


@dataclass(frozen=True, slots=True)
class Policy:
    """Built once and shared, so that the bot and the people of a shop are held to the same."""

    own: PolicyList = field(default_factory=PolicyList)

    @property
    def version(self) -> str:
        """The shipped list's version and, behind +, the shop's."""
        return version_with(self.own)

    def check(
        self, text: str, *, promised_by: Sequence[str] = (), mentioned: Sequence[str] = ()
    ) -> list[Finding]:
        """What may not be said in `text`; see `bot.policy.check`."""
        return check(text, promised_by=promised_by, mentioned=mentioned, extra=self.own)

    def summary(self) -> str:
        """One line for whoever asks what is in force."""
        own = self.own
        if not own.version:
            return f"version {self.version}, as shipped; a shop adds its own by paths.policy"
        softened = [f"{rule} {strength}" for rule, strength in own.strength.items()]
        parts = [
            f"version {self.version}",
            _counted(len(own.added), "own rule"),
            _counted(len(own.allowed), "exception"),
            _counted(len(own.contacts), "own contact"),
            *softened,
        ]
        return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
