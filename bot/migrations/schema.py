"""The tables of all packages, as Alembic compares them with the migrations."""

from __future__ import annotations

from handoff.tables import metadata as handoff_metadata
from knowledge.tables import metadata as knowledge_metadata

TARGETS = [knowledge_metadata, handoff_metadata]
