"""The answer to a question: the curated article, or a checked text of the language model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.decision import Decision, Kind, text_part
from bot.errors import ModelFailed
from bot.request import Request
from bot.talk import source_list
from bot.writing import Passage, Writer
from knowledge.article import Article
from knowledge.search import Hit

log = structlog.get_logger(__name__)

Release = Callable[[str], Awaitable[None]]
"""Called with each sentence that passed the check, while the rest is still being written."""

_MOST_PASSAGES = 4
_LEAST_PROBABILITY = 0.03


class Drafts:
    """Answers from articles; a writer, where there is one, puts them into fitting words."""

    def __init__(self, writer: Writer | None = None) -> None:
        self._writer = writer

    async def answer(
        self,
        request: Request,
        article: Article,
        hits: Sequence[Hit],
        confidence: float,
        question: str,
        release: Release | None = None,
    ) -> Decision:
        """The written answer if there is a writer and its text holds, else the curated one."""
        curated = Decision(
            Kind.ANSWER,
            [text_part(article.answer)],
            sources=source_list([article]),
            cited=(article.id,),
            confidence=confidence,
        )
        if self._writer is None:
            return curated
        others = [
            hit.article
            for hit in hits
            if hit.article.id != article.id
            and hit.probability >= _LEAST_PROBABILITY
            and not hit.article.hand_over
            and not hit.article.needs_order
        ]
        articles = [article, *others][:_MOST_PASSAGES]
        passages = [Passage(n, each) for n, each in enumerate(articles, 1)]
        history = [(said.sender, said.text) for said in request.earlier[-6:]]
        try:
            draft = await self._writer.write(
                question=request.text or question,
                locale=request.wording,
                passages=passages,
                history=history,
                release=release,
            )
        except ModelFailed as error:
            log.warning("model.failed", why=str(error))
            return Decision(
                curated.kind,
                curated.parts,
                sources=curated.sources,
                cited=curated.cited,
                confidence=confidence,
                record={"model": {"failed": str(error)}},
            )
        cited = [p.article for p in passages if p.article.id in draft.cited]
        return Decision(
            Kind.ANSWER,
            [text_part(draft.text)],
            sources=source_list(cited),
            cited=tuple(a.id for a in cited),
            origin="generated",
            ai_generated=True,
            confidence=confidence,
            record={"model": draft.record},
        )
