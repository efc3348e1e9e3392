"""Reads the shop's own files (Markdown, sheets, JSON Lines, HTML, PDF, Word) into articles."""

from knowledge.importing.folder import read
from knowledge.importing.source import Refusal, SourceFile

__all__ = ["Refusal", "SourceFile", "read"]
