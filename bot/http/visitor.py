"""Whose request it is: the visitor token in its header, still good and not revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header

from bot.errors import InvalidToken
from bot.http.parts import TheKit
from bot.kit import Kit
from handoff.errors import UnknownConversation

Authorization = Annotated[str | None, Header(description="Bearer <visitor token>")]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor: one conversation, and the contact that it belongs to."""

    conversation: str
    contact: str
    version: int
    expires: datetime


async def visitor_of(kit: Kit, authorization: str | None) -> Visitor:
    """The visitor of the header; raises InvalidToken or ExpiredToken."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken("send the visitor token as `Authorization: Bearer …`")
    said = kit.vault.visitor(token, at=kit.clock())
    try:
        version, contact = await kit.inbox.visitor(said.conversation_id)
    except UnknownConversation as error:
        raise InvalidToken from error
    if said.version != version:
        raise InvalidToken("the token was revoked; start a new session without it")
    return Visitor(said.conversation_id, contact, version, said.expires)


async def _visitor(kit: TheKit, authorization: Authorization = None) -> Visitor:
    return await visitor_of(kit, authorization)


TheVisitor = Annotated[Visitor, Depends(_visitor)]


async def still_welcome(kit: Kit, visitor: Visitor) -> bool:
    """Whether the token that a stream began with would be taken now as well."""
    if kit.clock() >= visitor.expires:
        return False
    try:
        version, _ = await kit.inbox.visitor(visitor.conversation)
    except UnknownConversation:
        return False
    return version == visitor.version
