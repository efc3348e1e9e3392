"""Secrets of the installation and the tokens they sign."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import (
    BadSettings,
    ExpiredIdentity,
    ExpiredToken,
    InvalidIdentity,
    InvalidToken,
)
from bot.vault import VISITOR_TOKEN_LIFE, Identity, Vault, VisitorToken, kept_secret

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS, THEIRS = "o" * 32, "t" * 32
VAULT = Vault(OURS, THEIRS)
LIN = Identity("C1001", "林")


def identity_token(secret: str = THEIRS, **claims: Any) -> str:
    claims = {"sub": "C1001", "exp": NOW + timedelta(minutes=10), **claims}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, "HS256")


def test_a_visitor_token_names_its_conversation_until_it_expires() -> None:
    token, expires = VAULT.visitor_token("c1", at=NOW, version=3)
    assert expires == NOW + VISITOR_TOKEN_LIFE
    said = VisitorToken("c1", 3, expires)
    assert VAULT.visitor(token, at=NOW) == said
    assert VAULT.visitor(token, at=expires - timedelta(seconds=1)) == said
    with pytest.raises(ExpiredToken):
        VAULT.visitor(token, at=expires)


def test_a_visitor_token_from_before_tokens_had_versions_is_of_the_first() -> None:
    expires = NOW + timedelta(days=1)
    token = jwt.encode({"sub": "c1", "aud": "visitor", "exp": expires}, OURS, "HS256")
    assert VAULT.visitor(token, at=NOW) == VisitorToken("c1", 0, expires)


# Not the last character: some of its bits mean nothing.
@given(st.integers(0, len(VAULT.visitor_token("c1", at=NOW)[0]) - 2), st.characters(codec="ascii"))
def test_a_visitor_token_with_one_other_character_opens_nothing(place: int, char: str) -> None:
    token, _ = VAULT.visitor_token("c1", at=NOW)
    changed = token[:place] + char + token[place + 1 :]
    assume(changed != token)
    with pytest.raises(InvalidToken):
        VAULT.visitor(changed, at=NOW)


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
    "expiring at no number": jwt.encode(
        {"sub": "c1", "aud": "visitor", "exp": float("nan")}, OURS, "HS256"
    ),
    "of no version": jwt.encode(
        {"sub": "c1", "aud": "visitor", "exp": FAR, "ver": "1"}, OURS, "HS256"
    ),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_visitor_token_that_is_not_ours_opens_nothing(token: str) -> None:
    with pytest.raises(InvalidToken):
        VAULT.visitor(token, at=NOW)


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
        pytest.param(identity_token(exp=float("inf")), id="for ever, by another word"),
        pytest.param(identity_token(iat=NOW + timedelta(minutes=2)), id="signed in the future"),
        pytest.param(identity_token(nbf=NOW + timedelta(minutes=2)), id="not valid yet"),
        pytest.param(identity_token(nbf="soon"), id="valid from no number on"),
        pytest.param("rubbish", id="rubbish"),
    ],
)
def test_an_identity_that_the_shop_did_not_sign_is_refused(token: str) -> None:
    with pytest.raises(InvalidIdentity) as refused:
        VAULT.identity(token, at=NOW)
    assert str(refused.value), "a shop's developer has to learn what is wrong"


def test_a_wrong_secret_is_told_apart_from_a_wrong_clock() -> None:
    for token, words in (
        (identity_token("x" * 32), "KEFU_IDENTITY_SECRET .*Signature"),
        (identity_token(iat=NOW + timedelta(hours=1)), "future .iat.; set .* clock"),
        (identity_token(exp=NOW + timedelta(days=2)), "24 hours"),
    ):
        with pytest.raises(InvalidIdentity, match=words):
            VAULT.identity(token, at=NOW)


def test_an_identity_expires_and_clocks_may_differ_by_a_minute() -> None:
    token = VAULT.sign_identity(LIN, at=NOW)
    assert VAULT.identity(token, at=NOW - timedelta(seconds=60)) == LIN
    assert VAULT.identity(token, at=NOW + timedelta(minutes=10, seconds=59)) == LIN
    with pytest.raises(ExpiredIdentity):
        VAULT.identity(token, at=NOW + timedelta(minutes=11))
    a_day = identity_token(exp=NOW + timedelta(hours=24, seconds=60))
    assert VAULT.identity(a_day, at=NOW) == Identity("C1001", "")


def test_without_a_shared_secret_nobody_is_known() -> None:
    vault = Vault(OURS)
    with pytest.raises(InvalidIdentity, match="KEFU_IDENTITY_SECRET"):
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
