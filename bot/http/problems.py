"""Errors as problem+json (RFC 9457); the one place that maps them to HTTP."""

from __future__ import annotations

import inspect
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from bot import errors as bot_errors
from bot.http.shapes import Problem
from bot.policy import OutgoingStopped
from handoff import errors as handoff_errors
from knowledge import errors as knowledge_errors

log = structlog.get_logger(__name__)

_STATUS: dict[type[Exception], tuple[int, str]] = {
    bot_errors.MessageEmpty: (422, "message-empty"),
    bot_errors.MessageTooLong: (413, "message-too-long"),
    bot_errors.MessageUnreadable: (422, "message-unreadable"),
    bot_errors.InvalidToken: (401, "invalid-token"),
    bot_errors.ExpiredToken: (401, "expired-token"),
    bot_errors.OrdersUnavailable: (503, "orders-unavailable"),
    bot_errors.InvalidIdentity: (401, "invalid-identity"),
    bot_errors.ExpiredIdentity: (401, "expired-identity"),
    bot_errors.UnsupportedUpload: (415, "unsupported-upload"),
    bot_errors.UploadTooLarge: (413, "body-too-large"),
    bot_errors.TooManyRequests: (429, "rate-limited"),
    OutgoingStopped: (422, "policy-stopped"),
    bot_errors.WrongControlToken: (401, "wrong-control-token"),
    handoff_errors.UnknownConversation: (404, "not-found"),
    handoff_errors.UnknownUpload: (404, "not-found"),
    handoff_errors.NothingToRate: (409, "nothing-to-rate"),
    handoff_errors.NothingToSplit: (409, "nothing-to-split"),
    handoff_errors.LeadOnly: (403, "lead-only"),
    handoff_errors.AlreadyClaimed: (409, "already-claimed"),
    handoff_errors.NotWaiting: (409, "not-waiting"),
    handoff_errors.NotHolder: (409, "not-holder"),
    handoff_errors.MessageIdTaken: (409, "message-id-taken"),
    handoff_errors.ConversationClosed: (409, "conversation-closed"),
    handoff_errors.SignInFailed: (401, "sign-in-failed"),
    handoff_errors.NotSignedIn: (401, "not-signed-in"),
    handoff_errors.WrongCsrf: (403, "csrf"),
    knowledge_errors.UnknownVersion: (404, "unknown-version"),
    knowledge_errors.UnknownArticle: (404, "unknown-article"),
    knowledge_errors.NothingPublished: (503, "nothing-published"),
    knowledge_errors.KnowledgeError: (409, "knowledge"),
}

MEDIA_TYPE = "application/problem+json"


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a group of routes may answer with, for the API docs."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def problem(status: int, slug: str, title: str, detail: str = "", **more: object) -> JSONResponse:
    """A problem document."""
    body = {"type": f"urn:kefu:problem:{slug}", "title": title, "status": status, "detail": detail}
    return JSONResponse({**body, **more}, status_code=status, media_type=MEDIA_TYPE)


def _of(error: Exception) -> JSONResponse:
    for kind in type(error).__mro__:
        if kind in _STATUS:
            status, slug = _STATUS[kind]
            title = (inspect.getdoc(kind) or slug).splitlines()[0]
            more = error.members if isinstance(error, OutgoingStopped) else {}
            answer = problem(status, slug, title, str(error) or title, **more)
            if isinstance(error, bot_errors.TooManyRequests):
                answer.headers["Retry-After"] = str(error.retry_after)
            return answer
    raise error


async def _known(_: Request, error: Exception) -> JSONResponse:
    return _of(error)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        {"field": ".".join(str(step) for step in row["loc"]), "message": row["msg"]}
        for row in error.errors()
    ]
    detail = "; ".join(f"{row['field']}: {row['message']}" for row in fields)
    return problem(422, "validation", "The request is not as it should be.", detail, errors=fields)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    slug = {
        400: "validation",
        404: "not-found",
        405: "method-not-allowed",
        413: "body-too-large",
    }
    words = str(error.detail)
    return problem(error.status_code, slug.get(error.status_code, "http"), words, words)


async def _store_away(request: Request, error: Exception) -> JSONResponse:
    """A full disk, a database that restarts: nothing was stored, and soon it may be."""
    log.error("http.store_away", path=request.url.path, error=repr(error))
    title = "Nothing can be stored right now; please try again in a moment."
    answer = problem(503, "store-unavailable", title, title)
    answer.headers["Retry-After"] = "2"
    return answer


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("http.crashed", path=request.url.path, exc_info=error)
    title = "Something went wrong on our side; please try again."
    return problem(500, "internal", title, title)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""
    for kind in _STATUS:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError, PoolTimeout, OSError):
        app.add_exception_handler(away, _store_away)
    app.add_exception_handler(Exception, _unexpected)
