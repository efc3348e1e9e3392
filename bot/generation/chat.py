"""The chat model behind langchain: loaded in the background, asked for one stream of text."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = structlog.get_logger(__name__)

_FINISHED = frozenset(("stop", "end_turn", "stop_sequence", "eos", "complete", "STOP"))
_TRUNCATED = frozenset(("length", "max_tokens", "model_length", "MAX_TOKENS"))
_TRANSIENT = frozenset((408, 409, 429, 500, 502, 503, 504, 529))
_NO_KEY = "no-key"


class ModelUnreachable(Exception):
    """The model could not be asked, or broke off; `transient` if asking again may help.

    The message names the kind of failure and the status only: what a provider writes into its
    errors may hold parts of the key or of the customer's text.
    """

    def __init__(self, why: str, *, transient: bool, wait: float = 0.0) -> None:
        super().__init__(why)
        self.transient = transient
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stream ended: whether the text is whole, and what it took where that is known."""

    truncated: bool
    tokens: dict[str, int] | None


class Chat:
    """One chat model. Importing langchain takes seconds, so a thread does it from the start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model: Future[BaseChatModel] = Future()
        # Marked as running, so that a customer's timeout cannot cancel it for everybody.
        self._model.set_running_or_notify_cancel()
        threading.Thread(target=self._load, name="model-loading", daemon=True).start()

    @property
    def name(self) -> str:
        """The model as the settings name it."""
        return self._settings.llm_model or ""

    async def ready(self) -> None:
        """Waits until the model is loaded; raises ModelUnreachable if it cannot be."""
        try:
            await asyncio.wrap_future(self._model)
        except (ImportError, ValueError, TypeError, LookupError, OSError, RuntimeError) as error:
            why = f"cannot load the model ({type(error).__name__}); check KEFU_LLM_MODEL"
            raise ModelUnreachable(why, transient=False) from error

    async def stream(
        self, messages: Sequence[tuple[str, str]]
    ) -> AsyncGenerator[str | Ending, None]:
        """Pieces of text and at last an Ending; raises ModelUnreachable."""
        await self.ready()
        pieces = self._model.result().astream(list(messages))
        reason: str | None = None
        tokens: dict[str, int] | None = None
        try:
            while True:
                try:
                    chunk = await anext(pieces)
                except StopAsyncIteration:
                    break
                except Exception as error:
                    # Every provider's library has its own error tree, and garbage on the wire
                    # raises nearly anything; the shop's own text answers whatever it was.
                    raise _unreachable(error) from error
                reason = _reason(chunk.response_metadata) or reason
                tokens = _tokens(chunk.usage_metadata) or tokens
                if chunk.text:
                    yield str(chunk.text)
        finally:
            close = getattr(pieces, "aclose", None)
            if close is not None:
                await close()
        if reason is None and self._speaks_openai():
            raise ModelUnreachable("the stream broke off", transient=True)
        if reason is not None and reason not in _FINISHED | _TRUNCATED:
            raise ModelUnreachable(f"the model stopped for {reason[:40]!r}", transient=False)
        yield Ending(reason in _TRUNCATED, tokens)

    async def aclose(self) -> None:
        """Closes the connections, once the model is loaded."""
        try:
            await self.ready()
        except ModelUnreachable:
            return
        client = getattr(self._model.result(), "http_async_client", None)
        if client is not None:
            await client.aclose()

    def _speaks_openai(self) -> bool:
        return hasattr(self._model.result(), "openai_api_base")

    def _load(self) -> None:
        started = time.perf_counter()
        try:
            model = _made(self._settings)
        except Exception as error:  # noqa: BLE001
            # The edge of a thread: the error is logged here and raised where the model is awaited.
            log.error("model.unavailable", model=self.name, error=type(error).__name__)
            self._model.set_exception(
                error if isinstance(error, ImportError) else ValueError(type(error).__name__)
            )
            return
        log.info("model.loaded", model=self.name, seconds=round(time.perf_counter() - started, 2))
        self._model.set_result(model)


def _made(settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    name = settings.llm_model or ""
    options: dict[str, Any] = {
        "timeout": settings.llm_timeout,
        "max_retries": 0,
        "temperature": 0,
    }
    if settings.llm_api_key is not None:
        options["api_key"] = settings.llm_api_key.get_secret_value()
    if settings.llm_base_url is not None:
        options["base_url"] = settings.llm_base_url
        if ":" not in name or name.split(":")[0] not in _providers():
            # A bare name at an own address (also qwen3:8b) is an OpenAI-compatible endpoint.
            options["model_provider"] = "openai"
        if settings.llm_api_key is None:
            # Otherwise OPENAI_API_KEY from the environment would go to a stranger's server.
            options["api_key"] = _NO_KEY
    if options.get("model_provider") == "openai" or name.startswith("openai:"):
        from openai import DefaultAsyncHttpxClient

        # An own client per model: langchain's shared one outlives the event loop that it is used
        # in. Proxies of the environment are for the public endpoint, not for a given address.
        options["http_async_client"] = DefaultAsyncHttpxClient(
            trust_env=settings.llm_base_url is None
        )
        # At another address than OpenAI's langchain would not ask what an answer took.
        options["stream_usage"] = True
        options["extra_body"] = settings.llm_extra
    else:
        options |= settings.llm_extra or {}
    model: BaseChatModel = init_chat_model(name, **options)
    return model


def _providers() -> frozenset[str]:
    return frozenset(
        (
            "openai anthropic azure_openai azure_ai google_vertexai google_genai bedrock cohere "
            "fireworks together mistralai huggingface groq ollama google_anthropic_vertex deepseek "
            "ibm nvidia xai openrouter perplexity upstage"
        ).split()
    )


def _reason(metadata: dict[str, Any]) -> str | None:
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if metadata.get(key):
            return str(metadata[key])
    return None


def _tokens(usage: Any) -> dict[str, int] | None:
    if not usage:
        return None
    return {"input": usage["input_tokens"], "output": usage["output_tokens"]}


def _unreachable(error: Exception) -> ModelUnreachable:
    status = getattr(error, "status_code", None)
    kind = type(error).__name__
    if isinstance(status, int):
        hint = "; check KEFU_LLM_API_KEY" if status in (401, 403) else ""
        return ModelUnreachable(
            f"the endpoint answered {status} ({kind}){hint}",
            transient=status in _TRANSIENT,
            wait=_retry_after(error),
        )
    lost = isinstance(error, OSError) or any(
        base.__name__ in ("APIConnectionError", "TransportError") for base in type(error).__mro__
    )
    why = f"no connection ({kind})" if lost else f"the endpoint sent no answer ({kind})"
    return ModelUnreachable(why, transient=lost)


def _retry_after(error: Exception) -> float:
    """Seconds that the endpoint asks to wait; 0 when it does not say (or gives a date)."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    value = headers.get("retry-after", "")
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0
