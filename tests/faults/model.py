"""A language model's endpoint that behaves in one way until it is told another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from tests.model_server import Behaviour, ModelServer, Says

QUESTION = "运费多少？满多少包邮？"
# A sentence is sure to be over only when the next one has begun.
GOOD = ("大陆一般地区订单满 59 元包邮[1]。不满", " 59 元收运费 8 元[1]。")


class _Always(list[Behaviour]):
    """A script without an end."""

    def __init__(self) -> None:
        super().__init__([Says(GOOD)])
        self.next: Callable[[], Behaviour] = lambda: Says(GOOD)

    def pop(self, _index: object = 0) -> Behaviour:
        return self.next()


class SteadyModel(ModelServer):
    """Asked any number of times: a test of faults cannot know how often."""

    def __init__(self) -> None:
        super().__init__()
        self._always = _Always()
        self._left = self._always

    def behave(self, how: Callable[[], Behaviour]) -> None:
        """From now on, what `how` gives for each request."""
        self._always.next = how

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left = []
        super().__exit__(kind, error, trace)


def variables(model: ModelServer) -> dict[str, str]:
    """What a server that asks this model is set to."""
    return {
        "KEFU_LLM_MODEL": "scripted",
        "KEFU_LLM_BASE_URL": model.url,
        "KEFU_LLM_API_KEY": "sk-of-the-tests",
    }


def hanging() -> Behaviour:
    """Begins, and never goes on."""
    return Says(GOOD, until=threading.Event())
