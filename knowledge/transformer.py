"""Any sentence-transformers model as the embedder (the extra `models`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.errors import KnowledgeError
from knowledge.ports import Matrix


class ModelMissing(KnowledgeError):
    """The embedding model cannot be loaded; check KEFU_EMBEDDING_MODEL and `kefu[models]`."""


class TransformerEmbedder:
    """A model by its name or by the folder that holds it.

    Prompts named `query` and `passage` (or `document`) in the model's own configuration are put
    before the texts, as models such as E5 need it.
    """

    def __init__(self, model: str, *, batch: int = 32) -> None:
        self._model = model
        self._batch = batch
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """The model's name; a folder counts by its last part."""
        return f"st-{Path(self._model).name}"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._network().get_embedding_dimension())

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors for texts that are searched."""
        return self._embed(texts, ("passage", "document"))

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors for texts that search."""
        return self._embed(texts, ("query",))

    def _embed(self, texts: Sequence[str], prompts: Sequence[str]) -> Matrix:
        network = self._network()
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        prompt = next((name for name in prompts if network.prompts.get(name)), None)
        vectors = network.encode(
            list(texts),
            prompt_name=prompt,
            batch_size=self._batch,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def _network(self) -> Any:
        if self._loaded is None:
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise ModelMissing(
                    "KEFU_EMBEDDING_MODEL needs the extra: pip install 'kefu[models]'"
                ) from error
            try:
                self._loaded = SentenceTransformer(self._model, device="cpu")
            except (OSError, ValueError) as error:
                raise ModelMissing(
                    f"the embedding model {self._model} cannot be loaded: {error}"
                ) from error
        return self._loaded
