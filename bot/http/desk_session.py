"""Who is at the desk: sign in and out, be online or away, and the guard of every change."""

from __future__ import annotations

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response

from bot.http.limits import SIGN_INS_PER_ACCOUNT, SIGN_INS_PER_ADDRESS, address_of
from bot.http.parts import TheKit, TheLimiter
from bot.http.shapes import PresenceBody, SignInBody
from handoff.errors import WrongCsrf
from handoff.people import SESSION_LENGTH, SignedIn

router = APIRouter()

COOKIE = "kefu_desk"


async def signed_in(kit: TheKit, kefu_desk: Annotated[str | None, Cookie()] = None) -> SignedIn:
    """Whose session this is."""
    return await kit.people.session(kefu_desk)


Me = Annotated[SignedIn, Depends(signed_in)]


async def acting(me: Me, x_csrf_token: Annotated[str | None, Header()] = None) -> SignedIn:
    """The same for a request that changes something: the page must know the session's secret."""
    if not hmac.compare_digest((x_csrf_token or "").encode(), me.csrf.encode()):
        raise WrongCsrf
    return me


Acting = Annotated[SignedIn, Depends(acting)]


@router.post("/sign-in", summary="Sign in")
async def sign_in(
    body: SignInBody, request: Request, response: Response, kit: TheKit, limiter: TheLimiter
) -> dict[str, Any]:
    """Sets the session cookie. The answer is the same for an unknown address."""
    await limiter.hit(SIGN_INS_PER_ADDRESS, address_of(request))
    await limiter.hit(SIGN_INS_PER_ACCOUNT, body.email.strip().lower())
    me = await kit.people.sign_in(email=body.email, password=body.password)
    response.set_cookie(
        COOKIE,
        me.token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return {"person": me.person.to_json(), "csrf": me.csrf}


@router.post("/sign-out", status_code=204, summary="Sign out")
async def sign_out(me: Acting, kit: TheKit, response: Response) -> None:
    """Ends the session."""
    await kit.people.set_presence(me.person.id, "away")
    await kit.people.sign_out(me.token)
    response.delete_cookie(COOKIE)


@router.get("/me", summary="Who is signed in")
async def who(me: Me, kit: TheKit) -> dict[str, Any]:
    """The person, and the token that every change must carry as X-CSRF-Token."""
    return {
        "person": me.person.to_json(),
        "csrf": me.csrf,
        "presence": me.person.presence,
        "shop": {"name": kit.shop.name("zh-Hans"), "name_en": kit.shop.name("en")},
    }


@router.post("/presence", summary="Online or away")
async def presence(body: PresenceBody, me: Acting, kit: TheKit) -> dict[str, str]:
    """Repeated by the page while it is open; online lapses when the repetition stops."""
    await kit.people.set_presence(me.person.id, body.state)
    return {"state": body.state}
