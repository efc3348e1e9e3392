"""The weights of the search are named by what is in them."""

from pathlib import Path

from knowledge.fingerprint import fingerprint


def weights(folder: Path, **files: str) -> str:
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return fingerprint(folder)


def test_other_weights_have_another_name_and_the_same_ones_the_same(tmp_path: Path) -> None:
    one = weights(tmp_path / "a", metric_npz="1", fusion_json="{}")
    assert weights(tmp_path / "b", metric_npz="1", fusion_json="{}") == one
    assert weights(tmp_path / "c", metric_npz="2", fusion_json="{}") != one
    assert weights(tmp_path / "d", metric_npz="1", fusion_json="{1}") != one
    assert weights(tmp_path / "e", metric_npz="1", fusion_json="{}", judge_npz="1") != one
    assert weights(tmp_path / "f", metric_npz="1{}", fusion_json="") != one


def test_what_the_weights_were_trained_on_plays_no_part(tmp_path: Path) -> None:
    one = weights(tmp_path / "a", metric_npz="1")
    assert weights(tmp_path / "b", metric_npz="1", training_jsonl="{}") == one


def test_the_shipped_weights_have_a_short_name() -> None:
    assert len(fingerprint()) == 8
    assert set(fingerprint()) <= set("0123456789abcdef")
