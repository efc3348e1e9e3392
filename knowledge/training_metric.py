"""Train the metric: questions with the same answer close together, others apart.

InfoNCE over pairs of wordings of one intent, the other intents of a batch as negatives; half of
the batches are neighbours in the files, which is where the confusable intents stand
(van den Oord et al., 2018, "Representation learning with contrastive predictive coding").
Needs torch, which the extra `models` brings.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.metric import Metric, words_of
from knowledge.ports import Matrix
from knowledge.text import normalise, tokens

DIMENSIONS = 192
_LEAST_TEXTS = 3
_BATCH, _RUN = 128, 8
_TEMPERATURE = 0.05
_FORGET = 0.3


@dataclass(frozen=True)
class Intent:
    """One thing that customers ask for, in their words, with a shop's title and answer."""

    id: str
    title: str
    answer: str
    asks: tuple[str, ...]
    title_en: str = ""
    asks_en: tuple[str, ...] = field(default=())

    @property
    def chinese(self) -> tuple[str, ...]:
        """All Chinese wordings, the title first."""
        return (self.title, *self.asks) if self.title else self.asks

    @property
    def english(self) -> tuple[str, ...]:
        """All English wordings, the title first."""
        return (self.title_en, *self.asks_en) if self.title_en else self.asks_en


def read_intents(folder: Path) -> list[Intent]:
    """The intents of all `*.yaml` files, in order of file and place."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            found.append(
                Intent(
                    id=row["id"],
                    title=str(row["title"]),
                    answer=str(row["answer"]),
                    asks=tuple(map(str, row["asks"])),
                    title_en=str(row.get("title_en", "")),
                    asks_en=tuple(map(str, row.get("asks_en", ()))),
                )
            )
    return found


def train_metric(
    intents: Sequence[Intent],
    vectors_for: Callable[[Sequence[str]], Matrix],
    embedder: str,
    *,
    standard: Callable[[str], str],
    steps: int = 1200,
    seed: int = 1,
) -> Metric:
    """The metric that tells these intents apart; `standard` gives the wording that is searched."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    chance = random.Random(seed)
    wordings = [_Wordings.of(intent, standard) for intent in intents]
    every = list(dict.fromkeys(text for each in wordings for text in each.all()))
    vectors = dict(zip(every, torch.from_numpy(vectors_for(every)), strict=True))
    vocabulary = _vocabulary(every)
    known = {text: words_of(text, vocabulary) for text in every}
    start, _ = torch.linalg.qr(torch.randn(next(iter(vectors.values())).shape[0], DIMENSIONS))
    matrix = torch.nn.Parameter(start)
    words = torch.nn.Parameter(0.01 * torch.randn(len(vocabulary), DIMENSIONS))
    rates = ((matrix, 1e-3), (words, 3e-3))
    optimiser = torch.optim.Adam([{"params": [each], "lr": rate} for each, rate in rates])

    def seen(texts: Sequence[str]) -> Any:
        mapped = functional.normalize(torch.stack([vectors[text] for text in texts]) @ matrix)
        places, owners, shares = [], [], []
        for row, text in enumerate(texts):
            kept = [word for word in known[text] if chance.random() > _FORGET]
            places += kept
            owners += [row] * len(kept)
            shares += [max(1, len(known[text])) ** -0.5] * len(kept)
        added = words[places] * torch.tensor(shares).reshape(-1, 1)
        return functional.normalize(mapped.index_add(0, torch.tensor(owners).long(), added))

    for step in range(steps):
        for group, (_, rate) in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * (1 - step / steps)
        pairs = [each.pair(chance) for each in _batch(wordings, step, chance)]
        left, right = seen([a for a, _ in pairs]), seen([b for _, b in pairs])
        closeness = left @ right.T / _TEMPERATURE
        same = torch.arange(len(pairs))
        loss = functional.cross_entropy(closeness, same)
        loss = loss + functional.cross_entropy(closeness.T, same)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Metric(embedder, matrix.detach().numpy(), words.detach().numpy(), vocabulary)


@dataclass(frozen=True)
class _Wordings:
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    answer: str

    @classmethod
    def of(cls, intent: Intent, standard: Callable[[str], str]) -> _Wordings:
        def plain(texts: Iterable[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(standard(normalise(text)) for text in texts))

        return cls(plain(intent.chinese), plain(intent.english), normalise(intent.answer))

    def all(self) -> list[str]:
        return [*self.chinese, *self.english, *([self.answer] if self.answer else [])]

    def pair(self, chance: random.Random) -> tuple[str, str]:
        """Two wordings; now and then in two languages, or one with the answer."""
        both = bool(self.chinese and self.english)
        if both and chance.random() < 0.15:
            return chance.choice(self.chinese), chance.choice(self.english)
        pool = self.chinese if self.chinese and not (both and chance.random() < 0.2) else ()
        pool = pool or self.english
        first, second = chance.sample(pool, 2) if len(pool) > 1 else (pool[0], pool[0])
        if self.answer and pool is self.chinese and chance.random() < 0.1:
            return first, self.answer
        return first, second


def _batch(wordings: Sequence[_Wordings], step: int, chance: random.Random) -> list[_Wordings]:
    if step % 2:
        return chance.sample(wordings, min(_BATCH, len(wordings)))
    starts = chance.sample(range(max(1, len(wordings) - _RUN)), min(_BATCH // _RUN, len(wordings)))
    places = dict.fromkeys(place for start in starts for place in range(start, start + _RUN))
    return [wordings[place] for place in places if place < len(wordings)]


def _vocabulary(texts: Sequence[str]) -> dict[str, int]:
    counts = Counter(word for text in texts for word in set(tokens(text)) if not word.isascii())
    common = sorted(word for word, count in counts.items() if count >= _LEAST_TEXTS)
    return {word: place for place, word in enumerate(common)}
