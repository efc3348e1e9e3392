"""The shop's people: accounts, signing in, and who is there."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from handoff import tables
from handoff.errors import NotSignedIn, PersonExists, SignInFailed
from handoff.ports import Clock, Database, NewId

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SESSION_LENGTH = timedelta(hours=12)
PRESENCE_LAPSES_AFTER = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the desk."""

    id: str
    email: str
    name: str
    role: str
    presence: str

    def to_json(self) -> dict[str, Any]:
        """Without anything secret."""
        return {"id": self.id, "email": self.email, "name": self.name, "role": self.role}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: `token` goes into the cookie, `csrf` into the page."""

    person: Person
    token: str
    csrf: str


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """Accounts and sessions of one shop."""

    def __init__(
        self,
        database: Database,
        *,
        shop: str,
        clock: Clock,
        new_id: NewId,
        new_secret: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._new_id = new_id
        self._new_secret = new_secret

    async def add(self, *, email: str, name: str, password: str, role: str = "agent") -> Person:
        """A new account; raises PersonExists."""
        person = Person(self._new_id(), email.strip().lower(), name, role, "away")
        password_hash = await asyncio.to_thread(_hasher().hash, password)
        row = {
            "id": person.id,
            "shop": self._shop,
            "email": person.email,
            "name": name,
            "role": role,
            "password_hash": password_hash,
            "presence": person.presence,
            "created_at": self._clock(),
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(tables.person.insert().values(row))
        except IntegrityError as error:
            raise PersonExists(f"there is already an account for {person.email}") from error
        return person

    async def set_password(self, email: str, password: str) -> None:
        """Replaces the password and ends every session of the account."""
        password_hash = await asyncio.to_thread(_hasher().hash, password)
        async with self._database.write() as connection:
            found = await connection.execute(
                tables.person.update()
                .where(tables.person.c.email == email.strip().lower())
                .values(password_hash=password_hash)
                .returning(tables.person.c.id)
            )
            person_id = found.scalar_one_or_none()
            if person_id is None:
                raise SignInFailed(f"there is no account for {email}")
            await connection.execute(
                tables.desk_session.delete().where(tables.desk_session.c.person_id == person_id)
            )

    async def all(self) -> list[Person]:
        """Every account, by e-mail address."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(tables.person)
                .where(tables.person.c.shop == self._shop)
                .order_by(tables.person.c.email)
            )
            return [_person(row) for row in rows]

    async def sign_in(self, *, email: str, password: str) -> SignedIn:
        """Raises SignInFailed for an unknown address as for a wrong password, equally slowly."""
        from argon2.exceptions import InvalidHashError, VerificationError

        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(tables.person).where(
                        tables.person.c.email == email.strip().lower(),
                        tables.person.c.shop == self._shop,
                    )
                )
            ).one_or_none()
        try:
            await asyncio.to_thread(
                _hasher().verify, row.password_hash if row else _DECOY, password
            )
        except (VerificationError, InvalidHashError) as error:
            raise SignInFailed from error
        if row is None:
            raise SignInFailed
        signed_in = SignedIn(_person(row), self._new_secret(), self._new_secret())
        now = self._clock()
        async with self._database.write() as connection:
            await connection.execute(
                tables.desk_session.insert().values(
                    token_hash=_hash(signed_in.token),
                    person_id=row.id,
                    csrf=signed_in.csrf,
                    created_at=now,
                    expires_at=now + SESSION_LENGTH,
                )
            )
        return signed_in

    async def session(self, token: str | None) -> SignedIn:
        """Whose session a cookie is; raises NotSignedIn."""
        if not token:
            raise NotSignedIn
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(
                        tables.person, tables.desk_session.c.csrf, tables.desk_session.c.expires_at
                    )
                    .join(tables.desk_session)
                    .where(tables.desk_session.c.token_hash == _hash(token))
                )
            ).one_or_none()
        if row is None or row.expires_at <= self._clock():
            raise NotSignedIn
        return SignedIn(_person(row), token, row.csrf)

    async def sign_out(self, token: str) -> None:
        """Ends the session; nothing happens if it is over already."""
        async with self._database.write() as connection:
            await connection.execute(
                tables.desk_session.delete().where(tables.desk_session.c.token_hash == _hash(token))
            )

    async def set_presence(self, person_id: str, state: str) -> None:
        """`online` or `away`; online lapses unless it is repeated."""
        async with self._database.write() as connection:
            await connection.execute(
                tables.person.update()
                .where(tables.person.c.id == person_id)
                .values(presence=state, seen_at=self._clock())
            )

    async def anybody_online(self) -> bool:
        """Whether somebody is at the desk right now."""
        since = self._clock() - PRESENCE_LAPSES_AFTER
        async with self._database.read() as connection:
            found = await connection.scalar(
                sa.select(tables.person.c.id)
                .where(
                    tables.person.c.shop == self._shop,
                    tables.person.c.presence == "online",
                    tables.person.c.seen_at >= since,
                )
                .limit(1)
            )
            return found is not None


def _person(row: sa.Row[Any]) -> Person:
    return Person(row.id, row.email, row.name, row.role, row.presence)


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


# Verified against when the address is unknown, so that the answer takes as long as for a known one.
_DECOY = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
