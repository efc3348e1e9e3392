"""The relational shape of conversations, messages, events, due replies and people."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware datetimes in and out, kept as UTC also where the database forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuses naive times: they would be somebody's local time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """SQLite returns naive values; they are UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _created() -> sa.Column[datetime]:
    return sa.Column("created_at", UtcDateTime, nullable=False)


contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False, index=True),
    sa.Column("name", sa.String(200)),
    _created(),
)

# A contact has many identities; `kind` is visitor (an anonymous token) or customer (the shop's id).
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("shop", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("value", sa.String(200), primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contact.id"), nullable=False, index=True),
    sa.Column("verified", sa.Boolean, nullable=False),
    _created(),
)

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("contact_id", sa.ForeignKey("contact.id"), nullable=False, index=True),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("page", sa.JSON, nullable=False),
    sa.Column("holder", sa.String(10), nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("agent_id", sa.ForeignKey("person.id")),
    sa.Column("reason", sa.String(40)),
    sa.Column("waiting_since", UtcDateTime),
    sa.Column("misses", sa.Integer, nullable=False),
    sa.Column("last_decision", sa.String(20)),
    sa.Column("note", sa.Text),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_customer_seq", sa.Integer, nullable=False),
    sa.Column("settled_seq", sa.Integer, nullable=False),
    sa.Column("event_seq", sa.Integer, nullable=False),
    _created(),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    # Visitor tokens of a lower version are revoked.
    sa.Column("token_version", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_conversation_view", "shop", "holder", "updated_at"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("sender_kind", sa.String(10), nullable=False),
    sa.Column("sender_id", sa.String(40)),
    sa.Column("sender_name", sa.String(200)),
    sa.Column("origin", sa.String(20)),
    sa.Column("ai_generated", sa.Boolean, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("sources", sa.JSON, nullable=False),
    sa.Column("client_message_id", sa.String(80)),
    # The reply that settled this customer message, and with what outcome.
    sa.Column("settled_by", sa.String(40)),
    sa.Column("outcome", sa.String(20)),
    _created(),
    sa.UniqueConstraint("conversation_id", "seq", name="uq_message_seq"),
    sa.UniqueConstraint(
        "conversation_id", "sender_kind", "client_message_id", name="uq_message_client_message_id"
    ),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False, index=True),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    _created(),
    sa.UniqueConstraint("conversation_id", "seq", name="uq_event_seq"),
    sqlite_autoincrement=True,
)

reply_due = sa.Table(
    "reply_due",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("cause", sa.String(20), nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False, index=True),
    sa.Column("first_due_at", UtcDateTime, nullable=False),
    sa.Column("lease_token", sa.String(40)),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("attempts", sa.Integer, nullable=False),
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("first_seq", sa.Integer, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("reply_id", sa.String(40)),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    _created(),
)

ticket = sa.Table(
    "ticket",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False, index=True),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(40), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("promised_at", UtcDateTime),
    _created(),
    sqlite_autoincrement=True,
)

# What a customer thinks of a session after its end.
rating = sa.Table(
    "rating",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("session", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("comment", sa.Text),
    _created(),
)

# Pictures of customers. They live here and not in a folder, which a web server could hand out.
upload = sa.Table(
    "upload",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    _created(),
)

# A visitor who signed in: the conversation went from one contact to another, and may go back.
contact_merge = sa.Table(
    "contact_merge",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("from_contact", sa.ForeignKey("contact.id"), nullable=False),
    sa.Column("to_contact", sa.ForeignKey("contact.id"), nullable=False),
    _created(),
    sa.Column("undone_at", UtcDateTime),
    sa.Column("undone_by", sa.ForeignKey("person.id")),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("shop", sa.String(64), nullable=False),
    sa.Column("email", sa.String(200), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("presence", sa.String(10), nullable=False),
    sa.Column("seen_at", UtcDateTime),
    _created(),
)

desk_session = sa.Table(
    "desk_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    _created(),
)
