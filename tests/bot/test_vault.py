"""Secrets of the installation and the tokens they sign."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.errors import BadSettings, ExpiredToken, InvalidToken
from bot.vault import VISITOR_TOKEN_LIFE, Identity, Vault, kept_secret

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS, THEIRS = "o" * 32, "t" * 32
VAULT = Vault(OURS, THEIRS)
LIN = Identity("C1001", "林")


def identity_token(secret: str = THEIRS, **claims: Any) -> str:
    claims = {"sub": "C1001", "exp": NOW + timedelta(minutes=10), **claims}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, "HS256")


def test_a_visitor_token_names_its_conversation_until_it_expires() -> None:
    token, expires = VAULT.visitor_token("c1", at=NOW)
    assert expires == NOW + VISITOR_TOKEN_LIFE
    assert VAULT.conversation_of(token, at=NOW) == "c1"
    assert VAULT.conversation_of(token, at=expires - timedelta(seconds=1)) == "c1"
    with pytest.raises(ExpiredToken):
        VAULT.conversation_of(token, at=expires)


def unsigned(claims: dict[str, Any]) -> str:
    def encoded(part: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()

    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{encoded(claims)}."


FAR = NOW.timestamp() + 600
FORGED = {
    "nothing": "",
    "no token": "abc",
    "three parts of nothing": "a.b.c",
    "unsigned": unsigned({"sub": "c1", "aud": "visitor", "exp": FAR}),
    "signed by somebody else": jwt.encode(
        {"sub": "c1", "aud": "visitor", "exp": FAR}, "x" * 32, "HS256"
    ),
    "signed with another algorithm": jwt.encode(
        {"sub": "c1", "aud": "visitor", "exp": FAR}, OURS * 2, "HS512"
    ),
    "an identity of the shop's server": identity_token(),
    "ours, but for another use": jwt.encode(
        {"sub": "c1", "aud": "desk", "exp": FAR}, OURS, "HS256"
    ),
    "for no use": jwt.encode({"sub": "c1", "exp": FAR}, OURS, "HS256"),
    "of nobody": jwt.encode({"aud": "visitor", "exp": FAR}, OURS, "HS256"),
    "of an empty name": jwt.encode({"sub": "", "aud": "visitor", "exp": FAR}, OURS, "HS256"),
    "for ever": jwt.encode({"sub": "c1", "aud": "visitor"}, OURS, "HS256"),
    "expiring in words": jwt.encode({"sub": "c1", "aud": "visitor", "exp": "x"}, OURS, "HS256"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_visitor_token_that_is_not_ours_opens_nothing(token: str) -> None:
    with pytest.raises(InvalidToken):
        VAULT.conversation_of(token, at=NOW)


def test_who_the_shop_vouches_for_is_known() -> None:
    assert VAULT.identity(VAULT.sign_identity(LIN, at=NOW), at=NOW) == LIN
    assert VAULT.identity(identity_token(), at=NOW) == Identity("C1001", "")


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(VAULT.visitor_token("C1001", at=NOW)[0], id="signed with our own secret"),
        pytest.param(identity_token("x" * 32), id="signed by somebody else"),
        pytest.param(identity_token(exp=None), id="for ever"),
        pytest.param(identity_token(exp=NOW + timedelta(hours=25)), id="for too long"),
        pytest.param(identity_token(sub=None), id="of nobody"),
        pytest.param(identity_token(sub=""), id="of an empty name"),
        pytest.param(unsigned({"sub": "C1001", "exp": FAR}), id="unsigned"),
    ],
)
def test_an_identity_that_the_shop_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        VAULT.identity(token, at=NOW)


def test_an_identity_expires() -> None:
    token = VAULT.sign_identity(LIN, at=NOW)
    with pytest.raises(ExpiredToken):
        VAULT.identity(token, at=NOW + timedelta(minutes=10))


def test_without_a_shared_secret_nobody_is_known() -> None:
    vault = Vault(OURS)
    with pytest.raises(InvalidToken, match="KEFU_IDENTITY_SECRET"):
        vault.identity(identity_token(), at=NOW)
    with pytest.raises(BadSettings, match="KEFU_IDENTITY_SECRET"):
        vault.sign_identity(LIN, at=NOW)


@pytest.mark.parametrize(
    ("secrets", "name"),
    [(("short",), "KEFU_SECRET"), ((OURS, "short"), "KEFU_IDENTITY_SECRET")],
)
def test_a_short_secret_is_refused(secrets: tuple[str, ...], name: str) -> None:
    with pytest.raises(BadSettings, match=f"^{name} must have at least 32 characters$"):
        Vault(*secrets)


def test_a_kept_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path, "visitor.secret")
    assert len(secret) == 64
    assert kept_secret(tmp_path, "visitor.secret") == secret
    assert kept_secret(tmp_path, "other.secret") != secret
    assert (tmp_path / "visitor.secret").stat().st_mode & 0o777 == 0o600
