"""Answers in the words of a language model, held to the shop's own text."""

from __future__ import annotations

from bot.generation.chat import Chat
from bot.generation.writer import ChatWriter
from bot.settings import Settings

__all__ = ["ChatWriter", "writer"]


def writer(settings: Settings) -> ChatWriter:
    """The writer for the model that the settings name; loads it in the background."""
    return ChatWriter(Chat(settings), timeout=settings.llm_timeout)
