"""Settings as the commands read them: a bad variable is an error message, not a traceback."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot.errors import BadSettings
from bot.settings import Settings


def read_settings(**given: Any) -> Settings:
    """Settings from the environment; `given` values that are not None win."""
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        rows = [
            f"KEFU_{'_'.join(str(s) for s in row['loc']).upper()}: {row['msg']}"
            for row in error.errors()
        ]
        raise BadSettings("; ".join(rows)) from error


def check_sharing(settings: Settings) -> None:
    """Raises BadSettings, with what to set, unless other processes may work beside this one."""
    missing = settings.what_sharing_needs()
    if missing:
        raise BadSettings("several processes need " + "; ".join(missing))
