"""Pictures that customers sent, kept in the database and bound to their conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from handoff import tables
from handoff.errors import UnknownUpload
from handoff.messages import Part
from handoff.ports import Clock, Database, NewId


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it may be shown to others: made anew from what was received."""

    type: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A stored picture, without its bytes."""

    id: str
    name: str
    type: str
    size: int
    width: int
    height: int

    def to_json(self) -> dict[str, Any]:
        """As its sender sees it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "bytes": self.size,
            "width": self.width,
            "height": self.height,
        }


_TABLE = tables.upload
_WITHOUT_CONTENT = [column for column in _TABLE.c if column is not _TABLE.c.content]


class Uploads:
    """The uploads of one shop."""

    def __init__(self, database: Database, *, shop: str, clock: Clock, new_id: NewId) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._new_id = new_id

    async def keep(self, conversation_id: str, picture: Picture, *, name: str) -> Upload:
        """Stores a picture for a conversation that exists."""
        size = len(picture.content)
        upload = Upload(self._new_id(), name, picture.type, size, picture.width, picture.height)
        async with self._database.write() as connection:
            await connection.execute(
                _TABLE.insert().values(
                    id=upload.id,
                    shop=self._shop,
                    conversation_id=conversation_id,
                    name=name,
                    type=picture.type,
                    size=size,
                    width=picture.width,
                    height=picture.height,
                    content=picture.content,
                    created_at=self._clock(),
                )
            )
        return upload

    async def read(self, upload_id: str, *, conversation_id: str | None) -> tuple[str, bytes]:
        """(type, bytes). None for the conversation means the shop's own people, who see all.

        Raises UnknownUpload, also for an upload of another conversation.
        """
        query = sa.select(_TABLE.c.type, _TABLE.c.content).where(
            _TABLE.c.id == upload_id, _TABLE.c.shop == self._shop
        )
        if conversation_id is not None:
            query = query.where(_TABLE.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownUpload
        return row.type, row.content

    async def named(self, conversation_id: str, parts: Sequence[Part]) -> list[Part]:
        """The parts, those that show an upload with its name and size as they are stored.

        Raises UnknownUpload when one is not of this conversation.
        """
        wanted = {str(part["upload"]) for part in parts if part.get("upload")}
        if not wanted:
            return list(parts)
        query = sa.select(*_WITHOUT_CONTENT).where(
            _TABLE.c.shop == self._shop,
            _TABLE.c.conversation_id == conversation_id,
            _TABLE.c.id.in_(wanted),
        )
        async with self._database.read() as connection:
            found = {row.id: row for row in await connection.execute(query)}
        if wanted - set(found):
            raise UnknownUpload
        return [
            _shown(found[str(part["upload"])]) if part.get("upload") else part for part in parts
        ]


def _shown(row: sa.Row[Any]) -> Part:
    return {
        "type": "image",
        "upload": row.id,
        "name": row.name,
        "width": row.width,
        "height": row.height,
    }
