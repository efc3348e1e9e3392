"""Everything that can go wrong with knowledge; the message says what to do about it."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Something about the shop's knowledge is not as it should be."""


class ImportRefused(KnowledgeError):
    """A file or one of its rows cannot be imported."""


class WordsRefused(ImportRefused):
    """A table of words cannot be imported; correct the line that is named."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class UnknownVersion(KnowledgeError):
    """There is no such knowledge version; `kefu kb versions` lists them."""


class UnknownArticle(KnowledgeError):
    """There is no such article; `kefu kb list` lists them."""


class NothingPublished(KnowledgeError):
    """No knowledge version is published yet; run `kefu kb import PATH` and `kefu kb publish`."""


class IndexLocked(KnowledgeError):
    """Another process owns this data folder; stop it, or talk to it over HTTP."""


class IndexBroken(KnowledgeError):
    """An index on disk cannot be read; it is only a cache and is built anew."""
