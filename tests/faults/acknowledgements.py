"""The log of what customers were told is stored: one line each, written when it was said."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A server confirmed that it stored this message."""

    conversation: str
    client_message_id: str
    text: str
    message_id: str
    seq: int


class Acknowledgements:
    """A file that outlives whoever writes to it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+", encoding="utf-8")
        self._writing = threading.Lock()
        self._lines = 0

    def add(self, acknowledged: Acknowledgement) -> None:
        """One more; the same message may be acknowledged more than once."""
        with self._writing:
            self._file.write(json.dumps(asdict(acknowledged), ensure_ascii=False) + "\n")
            self._file.flush()
            self._lines += 1

    def __len__(self) -> int:
        return self._lines

    def all(self) -> list[Acknowledgement]:
        """Everything that was acknowledged, in that order."""
        with self._writing:
            self._file.seek(0)
            return [Acknowledgement(**json.loads(line)) for line in self._file]

    def close(self) -> None:
        self._file.close()
