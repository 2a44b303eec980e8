"""Each hint of a rule, followed as it says, makes its finding go and brings no other: a case for every hint.

Hints that offer a text to write (`write 2026-03-09`, `did you mean`) are drawn in
`tests/documents/values/test_hints_hold.py`; those of files and tables are in
`tests/documents/test_hints_of_files.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from cadreplan.diagnostics import Diagnostic
from cadreplan.rules.registry import DEMAND_RULES, RULES
from tests.documents.hints_in_source import hints_in
from tests.rules.base import problems_of
from tests.rules.test_manual import example

Change = tuple[tuple[str, str], ...]
"""Texts that become others; what becomes of nothing is added at the end."""

TOO_FEW_SEATS = """\
leaders:
  - {id: L1, branch: HQ, role: secretary, headcount: 8}
sessions:
  - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 10}
"""
TWO_WINDOWS = """\
norms:
  newcomer: {sessions: 1, years: 2, within: 183}
leaders:
  - {id: L1, branch: HQ, role: secretary, since: 2026-01-05}
policy: {weights: {norm: 100}}
"""
LATE_TRIP = """\
policy: {stay_gap: 5}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-13], seats: 10}
leaders:
  - {id: L1, branch: HQ, role: secretary, pinned: [S1, S2], unavailable: [2026-03-11]}
"""
BOTH_DATES = """\
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], start: 2026-03-09,
     end: 2026-03-10, seats: 10}
"""
ONE_DATE_MORE = """\
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], start: 2026-03-09,
     seats: 10}
"""
LITTLE_CORE = """\
standards: {core_share: 0.8}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}
  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}
"""
NEAREST = """\
branches:
  - {id: HQ, location: [41.8, 123.4]}
policy: {local_km: 30}
"""
MODULE_SIZES = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true, groups: 8..9}
  M-CASE: {teaches: {review: 1}, hours: 4}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 15, min_seats: 10}
"""

CASES: tuple[tuple[str, str, tuple[Change, ...]], ...] = (
    (
        "rename one of the two",
        "ambiguous-preference",
        ((("{id: BJ, site: BJ, mod", "{id: B2, site: BJ, mod"),),),
    ),
    (
        "rename one of the two",
        "candidate-id",
        ((("O1@BJ@2026-03-09", "S1"),), (("id: O1, sites", "id: O2, sites"),)),
    ),
    ("check its year", "available-range", ((("2025-04-01..2025-04-30", "2026-04-01..2026-04-30"),),)),
    (
        "raise it, or hold such sessions on more days",
        "away-shortage",
        (
            (("max_away: 4", "max_away: 8"),),
            (
                (
                    "seats: 10}",
                    "seats: 10}\n  - {id: S2, site: BJ, modules: [M-LAW, M-CASE],"
                    " dates: [2026-03-16..2026-03-17], seats: 10}",
                ),
            ),
        ),
    ),
    ("leave out the parent of the root", "branch-cycle", ((("{id: HQ, parent: NORTH}", "{id: HQ}"),),)),
    (
        "raise its quotas, or open more sessions to it",
        "branch-shortage",
        (
            (("{NORTH: 5}", "{NORTH: 8}"),),
            (
                (
                    "quotas: {NORTH: 5}}",
                    "quotas: {NORTH: 5}}\n  - {id: S2, site: BJ, modules: [M-LAW, M-CASE],"
                    " dates: [2026-03-16..2026-03-17], seats: 9}",
                ),
            ),
        ),
    ),
    (
        "give `holidays` and `workdays` of that year",
        "calendar-year",
        (
            (
                (
                    "calendar: CN",
                    "calendar: {country: CN, holidays: [2031-05-01..2031-05-05], workdays: [2031-04-27]}",
                ),
            ),
        ),
    ),
    (
        "hold it on other days, or at another site",
        "closed-day",
        (
            (("2026-03-09..2026-03-10", "2026-03-16..2026-03-17"),),
            (
                ("2026-03-12]}", "2026-03-12]}\n  - {id: SH, kind: party-school}"),
                ("{id: S1, site: BJ", "{id: S1, site: SH"),
            ),
        ),
    ),
    (
        "write the level, or take the day out",
        "earned-without-level",
        ((("{review: 1}", "{review: 1, meetings: 1}"),), ((", earned: {meetings: 2025-05-08}", ""),)),
    ),
    (
        "make the smallest size smaller, or the largest larger",
        "group-sizes",
        ((("8..9", "5..9"),), (("8..9", "8..15"),)),
    ),
    (
        "module {module} says so: write others in `groups` of the session",
        MODULE_SIZES,
        ((("min_seats: 10}", "min_seats: 10, groups: 5..9}"),),),
    ),
    ("check its years", "horizon-length", ((("2062", "2026"),),)),
    (
        "set weights: {hour: ...}",
        "hours-without-effect",
        ((("min_hours: 8", "min_hours: 8, weights: {hour: 20}"),),),
    ),
    ("set min_hours", "policy: {weights: {hour: 20}}\n", ((("{weights", "{min_hours: 8, weights"),),)),
    ("look at its days, audience and modules", "idle-session", ((("branches: [NORTH]", "branches: [HQ]"),),)),
    (
        "give the role, or take the row out",
        "leader-without-goal",
        (
            (("name: 王磊", "name: 王磊, role: secretary"),),
            (("{id: L1, branch: HQ, name: 王磊}", "{id: L2, branch: HQ, role: secretary}"),),
        ),
    ),
    ("give kilometres one way, up to which leaders go home every day", "local-far", ((("30000", "30"),),)),
    (
        "give `location` to sites, and to leaders or their branches",
        "local-nobody",
        ((("kind: party-school", "kind: party-school, location: [39.9, 116.41]"),),),
    ),
    (
        "hold {module} earlier or the others later, or add it to their `completed`",
        "locked-session",
        (
            (("2026-03-16..2026-03-17", "2026-03-05..2026-03-06"),),
            (("[2026-03-09]", "[2026-03-19]"),),
            (("", "leaders:\n  - {id: L1, branch: HQ, role: secretary, completed: [M-LAW]}\n"),),
        ),
    ),
    (
        "give [latitude, longitude]: without it a trip counts 0 km",
        "missing-location",
        ((("parent: HQ", "parent: HQ, location: [45.8, 126.53]"),),),
    ),
    (
        "ask for fewer, or name the sessions it is for",
        "mix-reach",
        (
            (("20%", "10%"),),
            (
                ("hard: true", "hard: true, sessions: [S2]"),
                (
                    "",
                    "sessions:\n  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10],"
                    " seats: 10}\n  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 5}\n",
                ),
            ),
        ),
    ),
    ("take it out: groups are kept as good as they can be", "mix-shape", (((", hard: true", ""),),)),
    (
        "write each: group, or at_least: 2",
        "mix:\n  - {tag: branch, each: class, alone: false}\npolicy: {weights: {mix: 9}}\n",
        (
            (("alone: false", "at_least: 2"),),
            (("each: class", "each: group"), ("policy: {weights: {mix: 9}}", "")),
        ),
    ),
    (
        "set weights: {mix: ...}, or hard: true",
        "mix-without-effect",
        ((("", "policy: {weights: {mix: 200}}\n"),), (("at_most: 4", "at_most: 4, hard: true"),)),
    ),
    ("hours are study hours: 4 fill half a day", "module-hours", ((("hours: 48", "hours: 40"),),)),
    (
        "check the dates, or take the row out",
        "never-available",
        (
            (("2026-03-01..2026-06-30", "2026-03-01..2026-03-07"),),
            ((", unavailable: [2026-03-01..2026-06-30]}", "}"),),
        ),
    ),
    ("make two norms of it", "norm-goal", (((", sessions: 1}", "}\n  once: {sessions: 1}"),),)),
    (
        "write what is wanted: hours: 56",
        "norms:\n  yearly: {years: 1}\n",
        ((("{years", "{hours: 56, years"),),),
    ),
    (
        "`years` counts calendar years, `within` days after taking the post: take one out",
        TWO_WINDOWS,
        (((", years: 2", ""),), ((", within: 183", ""),)),
    ),
    ("add `norms` to the curriculum", "norm-without-effect", ((("", "norms:\n  yearly: {hours: 32}\n"),),)),
    (
        "write the day on which they took the post",
        "norm-without-since",
        ((("role: secretary}", "role: secretary, since: 2026-01-05}"),),),
    ),
    ("swapped? [{lat:g}, {lon:g}] is among them", "odd-location", ((("[87.62, 43.82]", "[43.82, 87.62]"),),)),
    (
        "leave it out if it isn't known",
        "sites:\n  - {id: BJ, kind: party-school, location: [0, 0]}\n",
        (((", location: [0, 0]", ""),),),
    ),
    (
        "name it as the `ability` of a skill, or take it out",
        "orphan-ability",
        (
            (("  innovation: {name: 创新能力}\n", ""),),
            (
                (
                    "",
                    "skills:\n  meetings: {name: 三会一课, ability: duty, weight: 2}\n"
                    "  review: {name: 民主评议, ability: innovation}\n",
                ),
            ),
        ),
    ),
    (
        "look at their days, branch and role against those of the sessions",
        "out-of-reach",
        ((("2026-03-01..2026-03-31", "2026-03-16..2026-03-31"),),),
    ),
    (
        "remove the pin, or correct the dates",
        "pin-dates",
        (((", pinned: [S1]", ""),), (("2026-03-10..2026-03-13", "2026-03-11..2026-03-13"),)),
    ),
    (
        "remove a pin, or correct the dates",
        LATE_TRIP,
        ((("[S1, S2]", "[S1]"),), (("[2026-03-11]", "[2026-03-16]"),)),
    ),
    (
        "remove a pin, or raise the limit",
        "pin-days",
        (
            (("max_away: 1", "max_away: 2"),),
            (("L2, branch: HQ, role: secretary, pinned: [S1]", "L2, branch: HQ, role: secretary"),),
        ),
    ),
    ("remove one of the two", "pin-overlap", ((("[S1, S2]", "[S1]"),), (("[S1, S2]", "[S2]"),))),
    (
        "remove `dates`, or `start` and `end`",
        BOTH_DATES,
        (((" dates: [2026-03-09..2026-03-10],", ""),), ((" start: 2026-03-09,\n     end: 2026-03-10,", ""),)),
    ),
    ("take it out", ONE_DATE_MORE, (((" start: 2026-03-09,", ""),),)),
    (
        "add {module} to `completed`, or remove the pin",
        "pin-prerequisite",
        ((("pinned: [S1]", "pinned: [S1], completed: [M-LAW]"),), ((", pinned: [S1]", ""),)),
    ),
    ("remove a pin", "pin-seats", ((("headcount: 5, pinned: [S1]", "headcount: 4"),),)),
    (
        "divide all points by the same number",
        "points-overflow",
        ((("1000000000000", "1000"), ("1000000", "10")),),
    ),
    (
        "remove one of these requirements",
        "prerequisite-cycle",
        (((", requires: [M-CASE]", ""),), ((", requires: [M-LAW]", ""),)),
    ),
    (
        "hold it on other days, or list the day under `workdays`",
        "public-holiday",
        (
            (("2026-04-30..2026-05-01", "2026-04-29..2026-04-30"),),
            (("calendar: CN", "calendar: {country: CN, workdays: [2026-05-01]}"),),
        ),
    ),
    (
        "give it another name, or take it out",
        "reserved-tag",
        ((("{role: deputy}", "{post: deputy}"),), ((", tags: {role: deputy}", ""),)),
    ),
    (
        "move one of them, or make it a candidate",
        "room-shortage",
        (
            (("2026-03-10..2026-03-11", "2026-03-16..2026-03-17"),),
            (("2026-03-11], seats: 10", "2026-03-11], seats: 10, status: candidate"),),
        ),
    ),
    (
        "add seats or sessions",
        "seat-shortage",
        (
            (("seats: 10", "seats: 16"),),
            (
                (
                    "seats: 10}",
                    "seats: 10}\n  - {id: S2, site: BJ, modules: [M-LAW, M-CASE],"
                    " dates: [2026-03-16..2026-03-17], seats: 10}",
                ),
            ),
        ),
    ),
    (
        "add a session that teaches it",
        TOO_FEW_SEATS,
        (
            (
                (
                    "seats: 10}",
                    "seats: 10}\n  - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17],"
                    " seats: 10}",
                ),
            ),
        ),
    ),
    (
        "put a module with another method in",
        "session-standards",
        ((("method: lecture", "method: simulation"),),),
    ),
    (
        "add a core module, or take another out",
        LITTLE_CORE,
        (
            (("modules: [M-LAW, M-CASE]", "modules: [M-LAW]"),),
            (
                (
                    "modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10]",
                    "modules: [M-LAW, M-CASE, M-CORE], dates: [2026-03-09..2026-03-12]",
                ),
                (
                    "",
                    "modules:\n  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}\n"
                    "  M-CASE: {teaches: {review: 1}, hours: 4}\n"
                    "  M-CORE: {teaches: {meetings: 1}, hours: 16, core: true}\n",
                ),
            ),
        ),
    ),
    (
        "give it more days or fewer modules",
        "session-too-short",
        (
            (("[2026-03-09]", "[2026-03-09..2026-03-10]"),),
            (
                ("[M-LAW, M-CASE]", "[M-LAW]"),
                (
                    "seats: 10}",
                    "seats: 10}\n  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 10}",
                ),
            ),
        ),
    ),
    (
        "take out a pin, or the tie",
        "tie-pins",
        (
            (("L2, branch: HQ, role: secretary, pinned: [S1]", "L2, branch: HQ, role: secretary"),),
            (("ties:\n  - {leaders: [L1, L2], kind: apart, each: day}\n", ""),),
        ),
    ),
    (
        "write each: group, or kind: apart",
        "tie-shape",
        ((("each: class", "each: group"),), (("together", "apart"),)),
    ),
    ("mark core modules with `core: true`", "unmeetable-policy", ((("hours: 8", "hours: 8, core: true"),),)),
    (
        "lower it, or use another `method`",
        "unmeetable-standards",
        ((("min_methods: 2", "min_methods: 1"),), (("method: lecture", "method: simulation"),)),
    ),
    (
        "add it to the `needs` of a role, or take the module out",
        "unneeded-module",
        (
            (("{meetings: 2}", "{meetings: 2, review: 1}"),),
            (
                (
                    "",
                    "modules:\n  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}\n"
                    "skills:\n  meetings: {name: 三会一课, ability: duty, weight: 2}\n"
                    "sessions:\n  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10],"
                    " seats: 10}\n",
                ),
            ),
        ),
    ),
    (
        "add a module, or lower the level",
        "unteachable-skill",
        (
            (("{meetings: 2, review: 1}", "{meetings: 1, review: 1}"),),
            (("hours: 8}", "hours: 8}\n  M-MORE: {teaches: {meetings: 2}, hours: 4}"),),
        ),
    ),
    (
        "add a module, or take it out",
        "skills:\n  meetings: {ability: duty}\n  review: {ability: duty}\n  other: {ability: duty}\n",
        ((("  other: {ability: duty}\n", ""),),),
    ),
)
"""What a hint says, the rule whose wrong example has it, or a piece that does, and each way to follow it."""

DRAWN = {"did you mean {name}?"}
FACTS = {
    "the first is in line {line}",
    "the first is in {file}, line {line}",
    "{other} has it too",
    "{other} has it too: is it one person listed twice?",
    "leaders have: {tags}",
    "the nearest, {leader}, lives {km:,.1f} km from {site}",
    "check its year, or leave it out",
}
"""Hints that only name what else there is to know; the last is that of `since`, drawn as dates are."""


def test_every_hint_of_a_rule_has_a_case() -> None:
    found = hints_in("rules")
    assert found == {hint for hint, _, _ in CASES} | DRAWN | FACTS


def key(found: Diagnostic) -> tuple[str, str]:
    return found.rule, re.sub("[0-9]+", "0", found.message)


def _changed(piece: str, change: Change) -> str:
    for old, new in change:
        assert old in piece, old
        piece = piece.replace(old, new) if old else f"{piece.rstrip()}\n{new}"
    return piece


def said(hint: str) -> str:
    """A pattern of a hint with its fields filled in."""
    parts = re.split(r"\{\w+(?::[^}]*)?\}", hint)
    return ".+".join(map(re.escape, parts))


@pytest.mark.parametrize(("hint", "where", "changes"), CASES, ids=[hint for hint, _, _ in CASES])
def test_a_hint_followed_makes_its_finding_go_and_brings_no_other(
    hint: str, where: str, changes: tuple[Change, ...], tmp_path: Path
) -> None:
    """Where there are errors, what people want and can have is not looked at: it may be found afterwards."""
    piece = example(RULES[where].manual, "Wrong") if where in RULES else where
    folders = _folders(tmp_path)
    before = problems_of(next(folders), piece, whole=True)
    meant = [found for found in before if re.fullmatch(said(hint), found.hint)]
    assert meant, [(d.rule, d.message, d.hint) for d in before]
    not_judged = {rule.id for rule in DEMAND_RULES if any(found.is_error for found in meant)}
    for change in changes:
        after = problems_of(next(folders), _changed(piece, change), whole=True)
        left = {key(found) for found in after}
        assert not left & {key(found) for found in meant}, change
        new = {found for found in left - {key(found) for found in before} if found[0] not in not_judged}
        assert not new, change


def _folders(where: Path) -> Iterator[Path]:
    for n in count():
        folder = where / str(n)
        folder.mkdir()
        yield folder
