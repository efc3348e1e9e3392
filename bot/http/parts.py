"""The parts that only the HTTP side needs, made once from the server's parts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from bot.http.limits import Limiter, OpenStreams
from bot.kit import Kit
from handoff.identities import Identities
from handoff.ratings import Ratings
from handoff.uploads import Uploads
from handoff.waits import Waits

# Each takes a core, and for the largest pictures several hundred megabytes.
_PICTURES_AT_A_TIME = 2


@dataclass(slots=True)
class Parts:
    """What customers' requests need beside the kit."""

    ratings: Ratings
    uploads: Uploads
    identities: Identities
    waits: Waits
    streams: OpenStreams
    picturing: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(_PICTURES_AT_A_TIME)
    )


def parts_of(kit: Kit) -> Parts:
    """The parts over the kit's database."""
    database, shop, clock = kit.database, kit.settings.shop, kit.clock
    wake = kit.feed.wake
    return Parts(
        ratings=Ratings(database, shop=shop, clock=clock, wake=wake),
        uploads=Uploads(database, shop=shop, clock=clock, new_id=kit.new_id),
        identities=Identities(database, shop=shop, clock=clock, new_id=kit.new_id, wake=wake),
        waits=Waits(database, shop=shop, clock=clock),
        streams=OpenStreams(factor=kit.settings.limits_factor),
    )


async def _kit(request: Request) -> Kit:
    kit: Kit = request.app.state.kit
    return kit


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _limiter(request: Request) -> Limiter:
    limiter: Limiter = request.app.state.limiter
    return limiter


TheKit = Annotated[Kit, Depends(_kit)]
TheParts = Annotated[Parts, Depends(_parts)]
TheLimiter = Annotated[Limiter, Depends(_limiter)]
