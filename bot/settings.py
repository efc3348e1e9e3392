"""Every setting, read once, from `KEFU_…` variables or a `.env` file."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings

SAMPLE = Path(__file__).parent / "sample"

# What people write, or their provider gives them, and what SQLAlchemy needs.
_DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


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
    database_url: str | None = Field(
        None, description="postgresql://… or a SQLite URL; SQLite in the data folder when not set"
    )
    chroma_url: str | None = Field(
        None, description="http://host:port of a Chroma server; embedded in the data folder else"
    )
    secret: SecretStr | None = Field(None, description="signs visitor tokens; made when missing")
    identity_secret: SecretStr | None = Field(
        None, description="shared with the shop's server, which signs who a customer is"
    )

    pause: float = Field(2.0, ge=0, le=30, description="seconds to wait for more lines of a burst")
    deadline: float = Field(15.0, gt=0, description="seconds in which a customer hears something")
    workers: int = Field(
        4,
        ge=0,
        le=64,
        description="turns worked on at the same time; 0 leaves them to `kefu worker`",
    )
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

    limits_url: str = Field(
        "memory://", description="where rates are counted: memory:// or redis://… for all processes"
    )
    limits_factor: float = Field(
        1.0, gt=0, description="every limit times this; more for a load test from one address"
    )
    upload_mb: float = Field(5.0, gt=0, le=50, description="largest picture a customer may send")
    trusted_proxies: str = Field(
        "", description="addresses of the proxies that say whose request it is, with commas"
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
        "chroma_url",
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
    def _driver(cls, value: str | None) -> str | None:
        if value is None:
            return None
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        examples = "postgresql://kefu@db/kefu or sqlite+aiosqlite:////srv/kefu/kefu.db"
        try:
            url = make_url(value)
        except ArgumentError as error:
            raise ValueError(f"{error}; e.g. {examples}") from error
        driver = _DRIVERS.get(url.drivername)
        if driver is None:
            raise ValueError(f"{url.drivername} is not a database of kefu's; e.g. {examples}")
        return url.set(drivername=driver).render_as_string(hide_password=False)

    @field_validator("chroma_url")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            url = urlsplit(value)
            whole = url.scheme in ("http", "https") and url.hostname and url.port
        except ValueError:
            whole = None
        if not whole:
            raise ValueError("needs a scheme, a host and a port, e.g. http://chroma:8000")
        return value

    @property
    def on_postgres(self) -> bool:
        """Whether the database can be shared by several processes."""
        return self.url.startswith("postgresql")

    @property
    def shared(self) -> bool:
        """Whether any number of `serve` and `worker` processes may run side by side."""
        return self.on_postgres and self.chroma_url is not None

    def what_sharing_needs(self) -> list[str]:
        """What has to be set before a second process may work beside this one."""
        needs = {
            "KEFU_DATABASE_URL (postgresql://…): SQLite is for one process": self.on_postgres,
            "KEFU_CHROMA_URL (http://host:port of `chroma run`): embedded Chroma is for one "
            "process": self.chroma_url is not None,
            "KEFU_SECRET (the same for all): it signs the visitors' tokens": self.secret
            is not None,
        }
        return [text for text, there in needs.items() if not there]

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
