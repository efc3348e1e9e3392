"""Words of the shop as a part of its knowledge versions, and thresholds fitted for a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_list",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_word_list")),
    )
    op.create_table(
        "word_list_head",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "list_id"],
            ["word_list.shop", "word_list.id"],
            name=op.f("fk_word_list_head_shop_list_id"),
        ),
        sa.PrimaryKeyConstraint("shop", "source_file", name=op.f("pk_word_list_head")),
    )
    op.create_table(
        "version_word_list",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "list_id"],
            ["word_list.shop", "word_list.id"],
            name=op.f("fk_version_word_list_shop_list_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["knowledge_version.id"],
            name=op.f("fk_version_word_list_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "source_file", name=op.f("pk_version_word_list")),
    )
    op.create_table(
        "fitted_threshold",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("embedder", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Float(), nullable=False),
        sa.Column("wrong_limit", sa.Float(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["knowledge_version.id"],
            name=op.f("fk_fitted_threshold_version_id"),
        ),
        sa.PrimaryKeyConstraint("shop", "version_id", "embedder", name=op.f("pk_fitted_threshold")),
    )


def downgrade() -> None:
    op.drop_table("fitted_threshold")
    op.drop_table("version_word_list")
    op.drop_table("word_list_head")
    op.drop_table("word_list")
