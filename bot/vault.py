"""Secrets of the installation and the tokens they sign."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import jwt

from bot.errors import (
    BadSettings,
    ExpiredIdentity,
    ExpiredToken,
    InvalidIdentity,
    InvalidToken,
)

VISITOR_TOKEN_LIFE = timedelta(days=30)
_ALGORITHM = "HS256"
_LONGEST_IDENTITY_LIFE = timedelta(hours=24)
_LEEWAY_S = 60
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the shop's server says a visitor is."""

    customer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class VisitorToken:
    """What a visitor token says: for which conversation, which version of its tokens, how long."""

    conversation_id: str
    version: int
    expires: datetime


class Vault:
    """Signs visitor tokens, and checks them and the identities signed by the shop's server."""

    def __init__(self, secret: str, identity_secret: str | None = None) -> None:
        for name, value in (("KEFU_SECRET", secret), ("KEFU_IDENTITY_SECRET", identity_secret)):
            if value is not None and len(value) < _SHORTEST_SECRET:
                raise BadSettings(f"{name} must have at least {_SHORTEST_SECRET} characters")
        self._secret = secret
        self._identity_secret = identity_secret

    def visitor_token(
        self, conversation_id: str, *, at: datetime, version: int = 0
    ) -> tuple[str, datetime]:
        """A token for one conversation, and when it expires."""
        expires = at + VISITOR_TOKEN_LIFE
        claims = {
            "sub": conversation_id,
            "aud": "visitor",
            "iat": at,
            "exp": expires,
            "ver": version,
        }
        return jwt.encode(claims, self._secret, _ALGORITHM), expires

    def visitor(self, token: str, *, at: datetime) -> VisitorToken:
        """What a visitor token says; raises InvalidToken or ExpiredToken.

        Whether it was revoked, only the conversation knows: by a higher version of its own.
        """
        claims = _claims(token, self._secret, "visitor")
        if claims["exp"] <= at.timestamp():
            raise ExpiredToken
        version = claims.get("ver", 0)
        if not isinstance(version, int):
            raise InvalidToken
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        return VisitorToken(str(claims["sub"]), version, expires)

    def identity(self, token: str, *, at: datetime) -> Identity:
        """Who the shop's server vouches for; raises InvalidIdentity or ExpiredIdentity.

        The token must expire, and soon: a stolen one should not open orders for ever. Clocks may
        differ by a minute.
        """
        if self._identity_secret is None:
            raise InvalidIdentity(
                "this server has no KEFU_IDENTITY_SECRET, so it cannot sign anybody in"
            )
        try:
            claims = _claims(token, self._identity_secret, None)
        except InvalidToken as error:
            raise InvalidIdentity(
                "the identity must be a JWT with sub and exp, signed by the shop's server with "
                f"HS256 and KEFU_IDENTITY_SECRET ({error.__cause__ or 'sub or exp is no good'})"
            ) from error
        now = at.timestamp()
        if claims["exp"] + _LEEWAY_S <= now:
            raise ExpiredIdentity
        if claims["exp"] - now > _LONGEST_IDENTITY_LIFE.total_seconds() + _LEEWAY_S:
            raise InvalidIdentity("an identity token may be valid for 24 hours at most")
        for claim in ("iat", "nbf"):
            began = claims.get(claim, now)
            if not isinstance(began, int | float):
                raise InvalidIdentity(f"{claim} of the identity token must be a number of seconds")
            if began - _LEEWAY_S > now:
                raise InvalidIdentity(
                    f"the identity token is of the future ({claim}); set the shop's server's clock"
                )
        return Identity(str(claims["sub"])[:200], str(claims.get("name") or "")[:200])

    def sign_identity(self, identity: Identity, *, at: datetime) -> str:
        """What a shop's server does; here for the demo shop and for tests."""
        if self._identity_secret is None:
            raise BadSettings("set KEFU_IDENTITY_SECRET to sign customers in")
        claims = {
            "sub": identity.customer_id,
            "name": identity.name,
            "iat": at,
            "exp": at + timedelta(minutes=10),
        }
        return jwt.encode(claims, self._identity_secret, _ALGORITHM)


def _claims(token: str, secret: str, audience: str | None) -> Mapping[str, Any]:
    """What a token that is signed with this secret claims; raises InvalidToken."""
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=audience,
            # Times are judged by the clock that is passed in.
            options={
                "require": ["exp", "sub"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": audience is not None,
            },
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken from error
    expires = claims["exp"]
    if not isinstance(expires, int | float) or not isfinite(expires) or not str(claims["sub"]):
        raise InvalidToken
    return claims


def kept_secret(folder: Path, name: str, *, length: int = 64) -> str:
    """A secret of this installation, made at first use and readable by its owner only."""
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    value = secrets.token_urlsafe(length)[:length]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Another process was first.
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value)
    return value
