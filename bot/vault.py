"""Secrets of the installation and the tokens they sign."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from bot.errors import BadSettings, ExpiredToken, InvalidToken

VISITOR_TOKEN_LIFE = timedelta(days=30)
_ALGORITHM = "HS256"
_LONGEST_IDENTITY_LIFE = timedelta(hours=24)
_SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the shop's server says a visitor is."""

    customer_id: str
    name: str


class Vault:
    """Signs visitor tokens, and checks them and the identities signed by the shop's server."""

    def __init__(self, secret: str, identity_secret: str | None = None) -> None:
        for name, value in (("KEFU_SECRET", secret), ("KEFU_IDENTITY_SECRET", identity_secret)):
            if value is not None and len(value) < _SHORTEST_SECRET:
                raise BadSettings(f"{name} must have at least {_SHORTEST_SECRET} characters")
        self._secret = secret
        self._identity_secret = identity_secret

    def visitor_token(self, conversation_id: str, *, at: datetime) -> tuple[str, datetime]:
        """A token for one conversation, and when it expires."""
        expires = at + VISITOR_TOKEN_LIFE
        claims = {"sub": conversation_id, "aud": "visitor", "iat": at, "exp": expires}
        return jwt.encode(claims, self._secret, _ALGORITHM), expires

    def conversation_of(self, token: str, *, at: datetime) -> str:
        """The conversation a visitor token is for; raises InvalidToken or ExpiredToken."""
        return str(self._claims(token, self._secret, "visitor", at)["sub"])

    def identity(self, token: str, *, at: datetime) -> Identity:
        """Who the shop's server vouches for; raises InvalidToken or ExpiredToken.

        The token must expire, and soon: a stolen one should not open orders for ever.
        """
        if self._identity_secret is None:
            raise InvalidToken("this server has no KEFU_IDENTITY_SECRET, so it cannot sign in")
        claims = self._claims(token, self._identity_secret, None, at)
        if claims["exp"] - at.timestamp() > _LONGEST_IDENTITY_LIFE.total_seconds():
            raise InvalidToken("an identity token may be valid for 24 hours at most")
        return Identity(str(claims["sub"])[:200], str(claims.get("name") or "")[:200])

    def sign_identity(self, identity: Identity, *, at: datetime) -> str:
        """What a shop's server does; here for the demo shop and for tests."""
        if self._identity_secret is None:
            raise BadSettings("set KEFU_IDENTITY_SECRET to sign customers in")
        claims = {
            "sub": identity.customer_id,
            "name": identity.name,
            "exp": at + timedelta(minutes=10),
        }
        return jwt.encode(claims, self._identity_secret, _ALGORITHM)

    def _claims(
        self, token: str, secret: str, audience: str | None, at: datetime
    ) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=audience,
                # Expiry is judged by the clock that was passed in.
                options={
                    "require": ["exp", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_aud": audience is not None,
                },
            )
        except jwt.InvalidTokenError as error:
            raise InvalidToken from error
        if not isinstance(claims["exp"], int | float) or not str(claims["sub"]):
            raise InvalidToken
        if claims["exp"] <= at.timestamp():
            raise ExpiredToken
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
