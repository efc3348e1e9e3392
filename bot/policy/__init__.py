"""What an outgoing text may not say: one versioned list, pure code, the same for bot and people.

Every text that leaves the shop is held against it: superlatives that the Advertising Law forbids,
medical claims for goods that are no medicine, ways to deal outside the platform, and promises
that no article gives. The bot does not send a text that is stopped; a person is warned and may
send it with a reason. Precision comes first: a check that cries at 最晚48小时 is switched off.
"""

from __future__ import annotations

from bot.policy.check import VERSION, check, stops, version_with
from bot.policy.finding import Finding, OutgoingStopped, Rule, Severity
from bot.policy.in_force import Policy
from bot.policy.listing import BadPolicyList, PolicyList

__all__ = [
    "VERSION",
    "BadPolicyList",
    "Finding",
    "OutgoingStopped",
    "Policy",
    "PolicyList",
    "Rule",
    "Severity",
    "check",
    "stops",
    "version_with",
]
