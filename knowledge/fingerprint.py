"""A name for the weights that every search reads."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from knowledge.search import WEIGHTS

# What is read when a question is searched; the folder also holds what the weights were trained on.
_READ = frozenset({".npz", ".json"})
_LENGTH = 8


@functools.cache
def fingerprint(folder: Path = WEIGHTS) -> str:
    """Changes whenever the weights do; confidences before and after are other numbers."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in _READ:
            digest.update(path.name.encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_LENGTH]
