"""Alembic's entry: runs on the connection that bot.database hands over."""

from __future__ import annotations

from alembic import context

from bot.migrations.schema import TARGETS

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=TARGETS,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
