"""A gate: floors and ceilings for metrics by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    FiniteFloat,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from eval.errors import BadData, UnknownMetric
from eval.jsonl import text_of
from eval.metrics import METRIC_NAMES, Measure


class Bound(BaseModel):
    """How low and how high a metric may be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: FiniteFloat | None = None
    max: FiniteFloat | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        return self


@dataclass(frozen=True, slots=True)
class Check:
    """One metric held against its bound."""

    metric: str
    value: float | None
    bound: Bound

    @property
    def passed(self) -> bool:
        """Within the bound; a metric without any case never passes."""
        if self.value is None:
            return False
        low, high = self.bound.min, self.bound.max
        return (low is None or self.value >= low) and (high is None or self.value <= high)

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.metric}: no case counts for it"
        wanted = " and ".join(
            f"{word} {limit:g}"
            for word, limit in (("at least", self.bound.min), ("at most", self.bound.max))
            if limit is not None
        )
        return f"{self.metric}: {self.value:.4g}, wanted {wanted}"

    def as_json(self) -> dict[str, object]:
        """The check as data."""
        return {
            "metric": self.metric,
            "value": self.value,
            "min": self.bound.min,
            "max": self.bound.max,
            "passed": self.passed,
        }


def read_gate(path: Path) -> dict[str, Bound]:
    """The bounds of a gate file by metric name."""
    try:
        value = yaml.safe_load(text_of(path))
        gate = TypeAdapter(dict[str, Bound]).validate_python(value)
    except yaml.YAMLError as error:
        raise BadData(f"{path}: not YAML ({error}); correct the syntax") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        raise BadData(
            f"{path}: {place}: {first['msg']}; write lines such as `wrong_rate: {{max: 0.02}}`"
        ) from None
    if not gate:
        raise BadData(f"{path}: the gate is empty; write lines such as `wrong_rate: {{max: 0.02}}`")
    for name in gate:
        if name not in METRIC_NAMES:
            known = ", ".join(METRIC_NAMES)
            raise UnknownMetric(f"{path}: no metric is called {name}; use one of {known}")
    return gate


def check(gate: Mapping[str, Bound], measures: Mapping[str, Measure]) -> list[Check]:
    """Hold each bounded metric against its bound."""
    return [Check(name, measures[name].value, bound) for name, bound in gate.items()]
