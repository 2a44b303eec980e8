"""A history as JSON, with ids."""

from __future__ import annotations

import json
from dataclasses import asdict

from cadreplan.insight.history import History


def as_json(history: History) -> str:
    """Everything, for machines; dates as YYYY-MM-DD."""
    return json.dumps(asdict(history), ensure_ascii=False, indent=1, default=str) + "\n"
