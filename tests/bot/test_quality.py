"""The quality report: what it counts, how it writes, and that its pictures never change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.quality.__main__ import main
from bot.quality.baselines import WordsAlone
from bot.quality.calibration import by_kind_outside, first_answers
from bot.quality.cases import ShopRun, chosen, shop_run
from bot.quality.comparison import BASELINES, OURS, SEARCHES, Compared, compare
from bot.quality.document import replaced, write
from bot.quality.plots import draw_comparison, draw_shop
from bot.quality.sets import SETS, FaqSet, Question
from bot.quality.stock import ExtraMissing, StockRetriever
from bot.quality.table import comparison, gains
from bot.quality.table import shop as shop_table
from eval.calibration import Answer
from eval.case_files import Located
from eval.errors import BadData
from eval.retrieval import Ranked, report
from eval.rows import KbRow
from eval.runner import Played
from eval.score import CaseScore, score
from eval.target import Ranking, Reply, SearchTarget
from knowledge.ports import Matrix
from tests.eval.builders import case, reply, write_jsonl

KB = (
    KbRow(id="freight", question="how much is the freight", variants=("who pays freight",)),
    KbRow(id="return", question="how to return a parcel", answer="within seven days"),
    KbRow(id="invoice", answer="invoices come by mail"),
)
ENGLISH = FaqSet("tiny", "en", "tiny_kb", "tiny_queries")


class LetterEmbedder:
    """Counts of letters as vectors: enough for texts that share their words."""

    name = "letters"
    dimensions = 26

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rows = [[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts]
        counts = np.asarray(rows, dtype=np.float32).reshape(len(texts), 26) + 1e-6
        unit: Matrix = counts / np.linalg.norm(counts, axis=1, keepdims=True)
        return unit

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)


def ranked(right: bool, confidence: float, kind: str | None = None) -> Ranked:
    """A question and its ranking; with a kind it is out of scope."""
    gold = () if kind else ("right",)
    question = Question(query="q", gold_ids=gold, in_scope=not kind, kind=kind)
    return Ranked(question, Ranking(("right" if right else "wrong",), confidence), 1.0)


def compared(search: str, right: int, of: int, faq: FaqSet = SETS[0]) -> Compared:
    """A search that put the right article first in so many questions."""
    rows = [ranked(place < right, 1 - place / of) for place in range(of)]
    return Compared(faq, search, rows, report(3, rows))


def played(given: Reply, **keys: object) -> Played:
    """A case of one turn and the reply that it got."""
    one = case(**keys)
    [(turn, expected)] = one.expectations().items()
    scored = CaseScore((score(turn, expected, given),))
    return Played(Located(one, Path("cases.yaml"), 1), (given,), scored)


def test_the_same_questions_are_drawn_in_every_run(tmp_path: Path) -> None:
    rows = [{"query": f"q{i}", "gold_ids": ["a"], "in_scope": True} for i in range(50)]
    write_jsonl(tmp_path / "tiny_queries.jsonl", rows)
    drawn = ENGLISH.questions(tmp_path, 10)
    assert len(drawn) == 10
    assert drawn == ENGLISH.questions(tmp_path, 10)
    assert len(ENGLISH.questions(tmp_path, 500)) == 50


async def test_each_search_is_asked_every_question(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "tiny_kb.jsonl", [row.model_dump() for row in KB])
    rows = [
        {"query": "what freight must I pay", "gold_ids": ["freight"], "in_scope": True},
        {"query": "write me a poem", "gold_ids": [], "in_scope": False},
    ]
    write_jsonl(tmp_path / "tiny_queries.jsonl", rows)

    async def words(kb: Sequence[KbRow]) -> SearchTarget:
        return WordsAlone(kb)

    heard: list[Compared] = []
    found = await compare(ENGLISH, tmp_path, {"words": words}, most=9, on_done=heard.append)
    assert heard == found
    assert (found[0].report.in_scope, found[0].report.hit_at_1) == (1, 1.0)


async def test_langchains_store_ranks_articles_by_the_cosine_of_their_nearest_question() -> None:
    pytest.importorskip("langchain_chroma")
    retriever = StockRetriever(KB, LetterEmbedder())
    try:
        exact = await retriever.rank("who pays freight", ())
        far = await retriever.rank("invoices by mail", ())
    finally:
        await retriever.aclose()
    assert exact.ids[0] == "freight"
    assert sorted(exact.ids) == ["freight", "invoice", "return"]
    assert exact.confidence == pytest.approx(1, abs=1e-4)
    assert (far.ids[0], far.confidence < 1) == ("invoice", True)


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("langchain_chroma", lambda folder: StockRetriever(KB, LetterEmbedder())),
        ("matplotlib", lambda folder: draw_shop(ShopRun(1, 0, (), (), 0), folder)),
    ],
)
def test_a_missing_library_says_what_to_install(
    module: str, use: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing, match=rf"{module}.*pip install 'kefu\[quality\]'"):
        use(tmp_path)


def test_near_and_far_questions_out_of_scope_are_told_apart() -> None:
    rows = [ranked(True, 0.9), ranked(False, 0.95, "near_oos"), ranked(False, 0.1, "far_oos")]
    whole, near, far = by_kind_outside("atec", rows)
    assert [each.out_of_scope for each in (whole, near, far)] == [2, 1, 1]
    assert [each.oos_auroc for each in (whole, near, far)] == [0.5, 0.0, 1.0]
    assert "near" in near.label
    assert "far" in far.label


def test_a_set_with_one_kind_out_of_scope_has_one_row() -> None:
    rows = [ranked(True, 0.9), ranked(False, 0.1, "far_oos"), ranked(False, 0.2, "far_oos")]
    assert len(by_kind_outside("clinc150", rows)) == 1


def test_an_answer_out_of_scope_is_never_right() -> None:
    assert first_answers([ranked(True, 0.9), ranked(True, 0.8, "near_oos")]) == [
        Answer(0.9, True),
        Answer(0.8, False),
    ]


def test_gains_are_over_the_best_single_baseline_and_over_the_best_of_each_set() -> None:
    first, second = SETS[3], SETS[4]
    rights = {first: (50, 60, 40, 20, 80), second: (70, 50, 50, 40, 90)}
    runs = [
        compared(search, right, 100, faq)
        for faq, row in rights.items()
        for search, right in zip(SEARCHES, row, strict=True)
    ]
    [line] = [line for line in gains(runs) if "hit@1" in line]
    # BM25 has 60 on average, the best of each set 65, ours 85.
    assert line == (
        "- English, hit@1: +25.0 over the best single baseline (BM25 alone), "
        "+20.0 over the best of each set."
    )


def test_ours_stands_out_in_the_table() -> None:
    lines = comparison([compared(BASELINES[0], 1, 2), compared(OURS, 2, 2)])
    assert "| atec (zh) | **kefu** | 1.000 | 1.000 | 1.000 | 1.000 | – | 1.0 |" in lines


def test_first_answers_of_a_shop_are_those_given_and_those_offered_first() -> None:
    run = shop_run(
        [
            played(reply("answer", cited=["a"], confidence=0.9)),
            played(reply("answer", cited=["b"], confidence=0.8)),
            played(reply("clarify", offered=["a", "b"], confidence=0.5)),
            played(reply("clarify", offered=["b", "a"], confidence=0.4)),
            played(reply("hand_over", reason="low_confidence", confidence=0.1)),
            played(reply("act", confidence=0.0), tags=["order"], expect={"dispositions": ["act"]}),
            played(
                reply("answer", cited=["a"], confidence=0.7), article=None, tags=["out_of_scope"]
            ),
        ]
    )
    assert run.given == (Answer(0.9, True), Answer(0.8, False), Answer(0.7, False))
    assert run.offered == (Answer(0.5, True), Answer(0.4, False))
    assert (run.in_scope, run.out_of_scope, run.unranked) == (6, 1, 1)
    assert run.answered_at_2pct_wrong == pytest.approx(1 / 6)
    assert "| wrong among these answers | 66.7% of 3 [20.8–93.9] |" in shop_table(run)


def test_cases_that_a_person_must_take_are_not_asked(tmp_path: Path) -> None:
    rows = [
        {"id": "in", "turns": ["怎么退"], "article": "a"},
        {"id": "fit", "part": "fit", "turns": ["怎么换"], "article": "a"},
        {"id": "out", "turns": ["写首诗"], "tags": ["out_of_scope"]},
        {"id": "person", "turns": ["漏电了"], "tags": ["must_hand_over"]},
    ]
    path = write_jsonl(tmp_path / "cases.jsonl", rows)
    assert [each.case.id for each in chosen([path], "report")] == ["in", "out"]
    assert [each.case.id for each in chosen([path], "fit")] == ["fit"]


def test_a_part_without_cases_is_an_error(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "cases.jsonl", [{"id": "in", "turns": ["怎么退"], "article": "a"}]
    )
    with pytest.raises(BadData, match="loosen --part"):
        chosen([path], "fit")


def test_only_what_stands_between_the_marks_of_a_document_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table -->\nold\n<!-- /table -->\nafter\n", encoding="utf-8")
    write(page, {"table": ["| new |"]})
    expected = "before\n<!-- table -->\n\n| new |\n\n<!-- /table -->\nafter\n"
    assert page.read_text("utf-8") == expected
    write(page, {"table": ["| new |"]})
    assert page.read_text("utf-8") == expected


def test_a_document_without_the_marks_is_left_alone() -> None:
    with pytest.raises(BadData, match="<!-- cases -->"):
        replaced("<!-- table --><!-- /table -->", "cases", [])


def test_the_document_of_this_project_has_a_place_for_each_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "quality.md").read_text("utf-8")
    for name in ("table", "cases"):
        assert "| kept |" in replaced(text, name, ["| kept |"])


def test_the_same_numbers_draw_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    runs = [compared(search, 20, 40) for search in SEARCHES]
    run = ShopRun(30, 5, tuple(Answer(0.9, True) for _ in range(20)), (Answer(0.4, False),), 2)
    once = [*draw_comparison(runs, tmp_path / "a"), *draw_shop(run, tmp_path / "a")]
    again = [*draw_comparison(runs, tmp_path / "b"), *draw_shop(run, tmp_path / "b")]
    assert [path.name for path in once] == [
        "quality-hits.svg",
        "quality-risk-coverage.svg",
        "quality-reliability.svg",
        "quality-shop.svg",
    ]
    for one, other in zip(once, again, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert b"<dc:date>" not in one.read_bytes()


def test_a_shop_that_answered_nothing_can_be_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    [path] = draw_shop(ShopRun(3, 1, (), (), 0), tmp_path)
    assert path.is_file()


def test_the_command_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "--data" in capsys.readouterr().err
    assert main(["--data", str(tmp_path)]) == 2
    assert "none of the sets is there" in capsys.readouterr().err
