"""The difference of two plans as JSON and as a table with a row a leader."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict

from cadreplan.insight.diff import Difference
from cadreplan.views.export.csv_files import harmless

TABLE_HEADER = ("leader", "name", "change", "gives_up", "gets", "gaps_no_longer_open", "gaps_newly_open")


def as_json(old: str, new: str, difference: Difference) -> str:
    """Everything, for machines."""
    document = {
        "same": difference.same,
        "old": old,
        "new": new,
        "objective": {
            "old": difference.old_terms.total,
            "new": difference.new_terms.total,
            "difference": difference.worth,
        },
        "terms": {
            term: {"old": before, "new": after, "difference": after - before}
            for term, before, after in difference.by_term()
        },
        "kept": difference.kept,
        "leaders": [asdict(change) for change in difference.leaders],
        "sessions": [asdict(change) for change in difference.sessions],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_csv(difference: Difference, names: Mapping[str, str]) -> str:
    """One row for each leader that anything changes for; lists are joined by `; `."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(TABLE_HEADER)
    for change in difference.leaders:
        lists = (change.given_up, change.got, change.no_longer_open, change.newly_open)
        cells = (
            change.leader,
            names.get(change.leader, ""),
            change.kind,
            *("; ".join(items) for items in lists),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return stream.getvalue()
