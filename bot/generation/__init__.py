"""Answers in the words of a language model, held to the shop's own text."""

from __future__ import annotations

from bot.generation.chat import Chat
from bot.generation.writer import ChatWriter
from bot.settings import Settings

# Of the time in which a customer hears something; the rest is for searching and storing.
_SHARE_OF_DEADLINE = 0.7

__all__ = ["ChatWriter", "writer"]


def writer(settings: Settings) -> ChatWriter:
    """The writer for the model that the settings name; loads it in the background.

    It gives up early enough for the article to be given within the deadline instead.
    """
    timeout = min(settings.llm_timeout, settings.deadline * _SHARE_OF_DEADLINE)
    return ChatWriter(Chat(settings), timeout=timeout)
