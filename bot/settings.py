"""Every setting, read once, from `KEFU_…` variables or a `.env` file."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings

SAMPLE = Path(__file__).parent / "sample"


class Settings(BaseSettings):
    """What a shop may set. Defaults answer customers on one machine without any key."""

    model_config = SettingsConfigDict(env_prefix="KEFU_", env_file=".env", extra="ignore")

    data: Path = Field(Path(".kefu"), description="folder of the database, indexes and secrets")
    shop: str = Field("default", description="key of the shop")
    shop_file: Path = Field(SAMPLE / "shop.yaml", description="name, hours and welcome texts")
    customers_file: Path | None = Field(None, description="YAML of customers with their orders")
    demo: bool = Field(False, description="serve the demo shop page and its sign-in")

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    origins: tuple[str, ...] = Field((), description="web origins whose pages may use the widget")
    database_url: str | None = Field(None, description="SQLAlchemy URL; SQLite in the data folder")
    secret: SecretStr | None = Field(None, description="signs visitor tokens; made when missing")
    identity_secret: SecretStr | None = Field(
        None, description="shared with the shop's server, which signs who a customer is"
    )

    pause: float = Field(2.0, ge=0, le=30, description="seconds to wait for more lines of a burst")
    deadline: float = Field(15.0, gt=0, description="seconds in which a customer hears something")
    workers: int = Field(4, ge=1, le=64, description="turns worked on at the same time")
    answer_threshold: float | None = Field(
        None, description="confidence to answer; the fitted or shipped one when not set"
    )

    embedding_model: str | None = Field(
        None, description="a sentence-transformers model by name or folder (extra `models`)"
    )
    reranker_model: str | None = Field(
        None, description="a cross-encoder by name or folder that reranks (extra `models`)"
    )

    llm_model: str | None = Field(
        None, description="model for langchain: its name there, or provider:name"
    )
    llm_base_url: str | None = Field(None, description="address of an OpenAI-compatible endpoint")
    llm_api_key: SecretStr | None = Field(None, description="its key")
    llm_timeout: float = Field(
        10.0, gt=0, description="seconds for a whole generated answer; at most 0.7 of the deadline"
    )
    llm_extra: Annotated[dict[str, Any] | None, NoDecode] = Field(
        None, description="JSON that every request carries as well, e.g. to switch thinking off"
    )
    llm_price_in: float | None = Field(None, ge=0, description="price of a million tokens read")
    llm_price_out: float | None = Field(None, ge=0, description="price of a million tokens written")
    llm_budget_tokens: int | None = Field(
        None, gt=0, description="tokens for generated answers in one conversation"
    )
    llm_budget_turns: int | None = Field(
        None, gt=0, description="generated answers in one conversation"
    )
    llm_budget_money: float | None = Field(
        None, gt=0, description="cost of generated answers in one conversation, as in the prices"
    )

    @field_validator(
        "embedding_model",
        "reranker_model",
        "llm_model",
        "llm_base_url",
        "llm_extra",
        "llm_price_in",
        "llm_price_out",
        "llm_budget_tokens",
        "llm_budget_turns",
        "llm_budget_money",
        "database_url",
        "customers_file",
        "answer_threshold",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        # Not `value or None`: a threshold of 0.0 is a mistake to be told of.
        return None if value == "" else value

    @field_validator("answer_threshold")
    @classmethod
    def _between_everything_and_nothing(cls, value: float | None) -> float | None:
        if value is not None and not 0 < value < 1:
            raise ValueError(
                f"must lie above 0 and below 1: {value:g} would answer "
                f"{'nothing' if value >= 1 else 'everything, however unsure'}; leave it out for "
                "the threshold that `kefu eval tune` fitted"
            )
        return value

    @field_validator("llm_extra", mode="before")
    @classmethod
    def _json_object(cls, value: object) -> object:
        if not isinstance(value, str) or not value:
            return value
        try:
            read = json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f'is no JSON ({error}); e.g. {{"enable_thinking": false}}') from error
        if not isinstance(read, dict):
            raise ValueError('needs a JSON object, e.g. {"enable_thinking": false}')
        return read

    @field_validator("llm_budget_money")
    @classmethod
    def _money_needs_prices(cls, value: float | None, info: ValidationInfo) -> float | None:
        prices = [info.data.get(f"llm_price_{way}") for way in ("in", "out")]
        if value is not None and (None in prices or not any(prices)):
            raise ValueError(
                "needs KEFU_LLM_PRICE_IN and KEFU_LLM_PRICE_OUT, which are its measure"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _async_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            dialect = make_url(value).get_dialect()
        except ArgumentError as error:
            raise ValueError(f"{error}; e.g. sqlite+aiosqlite:////srv/kefu/kefu.db") from error
        if not dialect.is_async:
            raise ValueError("needs an async driver, e.g. sqlite+aiosqlite:////srv/kefu/kefu.db")
        return value

    @cached_property
    def url(self) -> str:
        """The database: the given one, or SQLite in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'kefu.db'}"

    def data_folder(self) -> Path:
        """The data folder, made if it is missing; BadSettings when it cannot be written."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = self.data / ".writable"
            probe.write_bytes(b"")
            # Two commands may try at the same time.
            probe.unlink(missing_ok=True)
        except OSError as error:
            raise BadSettings(
                f"the data folder {self.data} cannot be written ({error.strerror}); "
                "set KEFU_DATA to a folder that can"
            ) from error
        return self.data
