"""Numbers and links in a text that lead away from the platform and that no article gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.evidence.links import contacts
from bot.policy.spelling import Spelling, compared

_GAP = r"[^\w,。;:!?\n]{1,3}"
_PHONE = re.compile(
    r"(?<![a-z0-9_.*-])(?:"
    r"(?:\+?86[ -]?)?1[3-9]\d{9}"
    rf"|(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|1{_GAP}[3-9](?:{_GAP}\d){{9}}"
    r"|\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-8]\d{6,7}"
    r"|[48]00[ -]\d{3}[ -]\d{4}|[48]00[ -]\d{4}[ -]\d{3}|400\d{7}"
    r"|09\d{2}[ -]?\d{3}[ -]?\d{3}"
    r"|\+[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?(?:[ -]?\d{2,4}){2,4}"
    r"|\(\d{3}\) ?\d{3}-\d{4}|[2-9]\d{2}-[2-9]\d{2}-\d{4}"
    r")(?![a-z0-9_*]|[.-]\d)"
)
# Eleven digits after these words number a parcel or an order; a courier is part of the delivery,
# and the customer's own number is theirs.
_NO_WAY_OUT = re.compile(
    r"(?:订单|运单|单号|快递|物流|包裹|编号|流水|交易|发票|税号|序列|条码|编码|积分|订单号"
    r"|快递员|派送员|派件员|配送员|骑手|司机|网点|驿站|收货|收件|预留|下单|绑定|您的(?:手机|电话|号码)"
    r"|tracking|order|parcel|courier|driver|depot|invoice|serial|your (?:phone|mobile))"
    r"[^,。;!?\n]{0,14}$"
)
# Digits in words, only where seven or more stand together: 一三八零零…
_SPOKEN = re.compile(r"[零〇一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖0-9]{7,}")
_DIGITS = str.maketrans(
    "零〇一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖", "00111222334455667788" + "99"
)


def foreign_numbers(spelling: Spelling, given: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand that `given` does not hold, in the level spelling."""
    text = _in_digits(spelling.text)
    found = [
        match for match in _PHONE.finditer(text) if not _NO_WAY_OUT.search(_before(text, match))
    ]
    if not found:
        return
    known = set().union(*map(_numbers_in, given))
    for match in found:
        if _bare(match[0]) not in known:
            yield match.span()


def foreign_links(written: str, given: Sequence[str]) -> list[str]:
    """The links and e-mail addresses of a text that `given` does not hold, in one spelling."""
    found = {link for link in contacts(written) if not link.isdigit()}
    if not found:
        return []
    known = set().union(*map(_links_in, given))
    return sorted(link for link in found if not any(_belongs(link, one) for one in known))


# What an article holds is asked for again with every text that is checked.
@lru_cache(maxsize=16_384)
def _numbers_in(given: str) -> frozenset[str]:
    return frozenset(_bare(match[0]) for match in _PHONE.finditer(_in_digits(compared(given)[0])))


@lru_cache(maxsize=16_384)
def _links_in(given: str) -> frozenset[str]:
    return frozenset(contacts(given))


def _belongs(link: str, known: str) -> bool:
    """Whether a link is the known one, or a page or a subdomain of a known bare domain."""
    if link == known:
        return True
    if "/" in known or "@" in known:
        return False
    host = link.partition("@")[2] or link.partition("/")[0]
    return host == known or host.endswith("." + known)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 24) : match.start()]


def _in_digits(text: str) -> str:
    return _SPOKEN.sub(lambda found: found[0].translate(_DIGITS), text)


def _bare(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("86") if len(digits) == 13 else digits
