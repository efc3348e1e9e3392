"""Ratings, uploads, reversible merges of contacts, and visitor tokens that can be revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would make the table anew, and what refers to it forbids that.
    op.add_column(
        "conversation",
        sa.Column("token_version", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "rating",
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("session", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_rating_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "session", name=op.f("pk_rating")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_upload_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_conversation_id"), "upload", ["conversation_id"])
    op.create_table(
        "contact_merge",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("from_contact", sa.String(length=40), nullable=False),
        sa.Column("to_contact", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_contact_merge_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_contact"], ["contact.id"], name=op.f("fk_contact_merge_from_contact")
        ),
        sa.ForeignKeyConstraint(
            ["to_contact"], ["contact.id"], name=op.f("fk_contact_merge_to_contact")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name=op.f("fk_contact_merge_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merge")),
    )
    op.create_index(op.f("ix_contact_merge_conversation_id"), "contact_merge", ["conversation_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_merge_conversation_id"), "contact_merge")
    op.drop_table("contact_merge")
    op.drop_index(op.f("ix_upload_conversation_id"), "upload")
    op.drop_table("upload")
    op.drop_table("rating")
    op.drop_column("conversation", "token_version")
