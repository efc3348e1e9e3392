"""Changes of holder in words, for the people at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff.desk import OVERRIDDEN
from handoff.identities import MERGED, SPLIT
from handoff.inbox import LEFT
from handoff.ratings import RATED


def event_text(kind: str, payload: Mapping[str, Any]) -> str:
    """One short line, Chinese and English, as the desk shows it between the messages."""
    reason = payload.get("reason") or ""
    if kind == "conversation.handover_deferred":
        return f"留言 #{payload['ticket']} · ticket #{payload['ticket']} ({reason})"
    if kind == OVERRIDDEN:
        rules = ", ".join(dict.fromkeys(row["rule"] for row in payload["findings"]))
        name = payload["by_name"]
        return f"{name} 坚持发送 · sent by {name} against {rules}: {payload['reason']}"
    if kind == RATED:
        rating = payload["rating"]
        words = f": {rating['comment']}" if rating["comment"] else ""
        return f"客户评价 {rating['score']} 分 · rated {rating['score']} of 5{words}"
    if kind == MERGED:
        return f"登录为 {payload['customer_id']} · signed in as {payload['customer_id']}"
    if kind == SPLIT:
        return f"{payload['by_name']} 撤销了登录关联 · sign-in undone by {payload['by_name']}"
    if kind == LEFT:
        return "客户离开并清除了会话 · the customer left for good"
    holder = payload.get("holder")
    if holder == "queue":
        return f"转人工，排队中 · waiting for a person ({reason})"
    if holder == "agent":
        name = payload.get("agent_name", "")
        return f"{name} 接待 · taken by {name}"
    if holder == "nobody":
        return "会话已结束 · closed"
    if payload.get("by") == "customer":
        return "客户回到机器人 · the customer is back with the bot"
    return "交还机器人 · returned to the bot"
