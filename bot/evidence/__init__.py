"""Whether a written sentence is borne out by the passages it rests on; pure, without any model.

Similarity does not tell: 15天 for 7天 or 卖家 for 买家 leaves a text almost the same. So every
fact is looked up, and who pays, what is denied and what a limit limits are compared with the
clause of the passages that speaks of the same. In doubt a sentence is refused: the shop's own
text then answers in its place. What a customer wrote is no evidence, not even for a number that
is only repeated: 是的，30天内可以退 repeats the question and is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence.clauses import Passages, clauses, names_in
from bot.evidence.links import contacts
from bot.evidence.lookup import missing_fact
from bot.evidence.objection import Kind, Objection
from bot.evidence.stance import opposed

__all__ = ["Kind", "Objection", "check"]


def check(sentence: str, passages: Sequence[str]) -> Objection | None:
    """The first thing in `sentence` that `passages` do not bear out; None if there is none."""
    given = "\n".join(passages)
    for contact in sorted(contacts(sentence) - contacts(given)):
        return Objection(Kind.CONTACT, contact)
    for name in sorted(names_in(sentence) - names_in(given)):
        return Objection(Kind.NAME, name)
    evidence = Passages(passages)
    said = clauses(sentence)
    for clause in said:
        objection = missing_fact(clause, evidence) or opposed(clause, evidence, said)
        if objection is not None:
            return objection
    return None
