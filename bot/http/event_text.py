"""Changes of holder in words, for the people at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handoff.desk import OVERRIDDEN


def event_text(kind: str, payload: Mapping[str, Any]) -> str:
    """One short line, Chinese and English, as the desk shows it between the messages."""
    reason = payload.get("reason") or ""
    if kind == "conversation.handover_deferred":
        return f"留言 #{payload['ticket']} · ticket #{payload['ticket']} ({reason})"
    if kind == OVERRIDDEN:
        rules = ", ".join(dict.fromkeys(row["rule"] for row in payload["findings"]))
        name = payload["by_name"]
        return f"{name} 坚持发送 · sent by {name} against {rules}: {payload['reason']}"
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
