"""Who sat in a discussion group before, by the history."""

from __future__ import annotations

from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.history import COLUMNS, facts_in, is_history, sat_together


def test_those_of_one_group_of_a_session_before_a_day_sat_together() -> None:
    rows = [
        f"R1,{day},grouped,{who},S1,,,,{group},,"
        for day, who, group in (
            ("2025-03-09", "L1", 1),
            ("2025-03-09", "L2", 1),
            ("2025-03-09", "L3", 2),
            ("2026-03-09", "L4", 3),
            ("2026-03-09", "L5", 3),
        )
    ]
    text = "\n".join([",".join(COLUMNS), *rows])
    findings = Findings()
    facts = list(facts_in(text, "history.csv", findings))
    assert not findings.items
    assert is_history(text)
    assert not is_history("root:x:0:0")
    assert sat_together(facts, "2026-03-02") == [("L1", "L2")]
