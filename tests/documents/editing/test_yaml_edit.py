"""A YAML text is changed where it stands, in every style that people write."""

from __future__ import annotations

import random

import pytest

from cadreplan.documents.editing.changes import LeaderChange
from cadreplan.documents.editing.yaml import changed_row, edited
from cadreplan.documents.findings import Findings
from cadreplan.documents.tree import Map, Seq
from cadreplan.documents.yaml.reader import parse
from cadreplan.errors import UsageError

CHANGE = LeaderChange(skills={"a": 3, "b": 1}, completed=("M1", "M2"), priority=2)


def _after(text: str, change: LeaderChange = CHANGE, table: str | None = None) -> str:
    return edited(text, "leaders.yaml", {"L1": change}, {}, table)


def test_a_flow_row_keeps_its_comments_order_and_quotes() -> None:
    text = (
        "# head\n"
        "- {id: 'L1',  name: \"林\", # remark\n"
        "   skills: {a: '1', c: 2}, priority: 1,   # why\n"
        "   completed: [ M0 ]} # end\n"
        "- {id: L2,   skills: {a: 1}} # untouched\n"
    )
    assert _after(text) == (
        "# head\n"
        "- {id: 'L1',  name: \"林\", # remark\n"
        "   skills: {a: 3, c: 2, b: 1}, priority: 2,   # why\n"
        "   completed: [ M0, M1, M2 ]} # end\n"
        "- {id: L2,   skills: {a: 1}} # untouched\n"
    )


def test_a_block_row_grows_line_by_line() -> None:
    text = (
        "-   id: L1 # first\n"
        "    skills:\n"
        "        a: 1 # held\n"
        "        # below\n"
        "        c: 2\n"
        "    completed:\n"
        "    -   M0 # done\n"
        "\n"
        "# next\n"
        "-   id: L2\n"
    )
    assert _after(text) == (
        "-   id: L1 # first\n"
        "    skills:\n"
        "        a: 3 # held\n"
        "        # below\n"
        "        c: 2\n"
        "        b: 1\n"
        "    completed:\n"
        "    -   M0 # done\n"
        "    - M1\n"
        "    - M2\n"
        "    priority: 2\n"
        "\n"
        "# next\n"
        "-   id: L2\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "- {id: L1}",
        "- id: L1",
        "- id: L1\n  skills:\n  completed:\n  priority:\n",
        "- {id: L1, skills: , completed: , priority: }",
        "- {id: L1, priority: }",
        "- {id: L1, skills: {}, completed: []}",
        "- {id: L1, skills: {a: 1,}, completed: [M0,],}",
        '- {"id": "L1", "skills": {"a": 1}}',
        "- id: L1\n  skills: {a: 1}\n  name: |\n    x\n",
        "- id: L1\n  skills: &s {a: 1}\n- id: L2\n  skills: *s\n",
        "- id: L0\n  skills: &s {a: 1, c: 2}\n  completed: &c [M]\n- id: L1\n  skills: *s\n  completed: *c\n",
        "- id: L1\n  skills:\n    a: &one 1\n- id: L2\n  skills: {a: *one}\n",
        "- id: L0\n  priority: &p 4\n- id: L1\n  priority: *p\n",
        "- id: L1\n  completed: &c\n  - M0\n- id: L2\n  completed: *c\n",
        "- id: L1\n  skills:\n    c: 1\n  # remark\n- id: L2\n",
        "-\n  id: L1\n  skills:\n    a: 1",
        "- {id: L1,\n   name: a\n     b}\n",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_odd_styles_say_what_they_should(text: str, newline: str) -> None:
    text = text.replace("\n", newline)
    wanted = parse(text, "", Findings())
    assert isinstance(wanted, Seq)
    for row in wanted:
        if isinstance(row, Map) and row["id"] == "L1":
            changed_row(row, CHANGE)
    after = _after(text)
    assert parse(after, "", Findings()) == wanted
    assert ("\r" in after) == ("\r" in text)
    assert "\r" not in text or "\n" not in after.replace("\r\n", "")


def test_closed_gaps_are_taken_out() -> None:
    change = LeaderChange(closed=("a", "c"))
    flow = "- {id: L1, gaps: {a: 1, b: {level: 2}, c: 3}} # x\n"
    assert _after(flow, change) == "- {id: L1, gaps: {b: {level: 2}}} # x\n"
    block = "- id: L1\n  gaps:\n    a: 1 # one\n    b: 2\n    c:\n      level: 1\n  name: x\n"
    assert _after(block, change) == "- id: L1\n  gaps:\n    b: 2\n  name: x\n"
    both = LeaderChange(closed=("a",), priority=3)
    assert (
        _after("- id: L1\n  gaps:\n    b: 2\n    a: 1\n", both)
        == "- id: L1\n  gaps:\n    b: 2\n  priority: 3\n"
    )
    all_of_them = _after("- id: L1\n  gaps:\n    a: 1\n    c: 2\n", change)
    assert parse(all_of_them, "", Findings()) == [{"id": "L1", "gaps": {}}]


def test_paths_of_the_document_are_replaced() -> None:
    text = "kind: roster\nleaders: people.csv # who\nsites: 'a b.csv'\n"
    after = edited(text, "r.yaml", {}, {"leaders": "next.csv", "sites": "../a b.csv"}, None)
    assert after == 'kind: roster\nleaders: next.csv # who\nsites: "../a b.csv"\n'


def test_what_cant_be_changed_in_place_is_refused() -> None:
    text = "- ? id\n  : L1\n  ? skills\n  : ? c\n    : 1\n"
    with pytest.raises(UsageError, match="can't be changed in place"):
        _after(text, LeaderChange(closed=("c",), skills={"a": 1}))


def _flow(rng: random.Random, names: str) -> str:
    entries = [f"{rng.choice([n, f'{n!r}'])}: {rng.randint(1, 3)}" for n in names]
    inner = rng.choice([", ", " , ", ", # c\n        "]).join(entries)
    return "{" + inner + (rng.choice(["", " ", ","]) if entries else "") + "}"


def _block(rng: random.Random, names: str) -> str:
    lines = [f"     {n}: {rng.randint(1, 3)}{rng.choice(['', ' # x'])}\n" for n in names]
    return "\n" + "".join(rng.choice(["", "\n", "     # c\n"]) + line for line in lines)


def _row(rng: random.Random, id_: str, skills: str, gaps: str) -> str:
    """A row in flow or block style, its keys in any order."""
    if rng.random() < 0.5:
        fields = [f"skills: {_flow(rng, skills)}", f"gaps: {_flow(rng, gaps)}"]
        fields += rng.choice([[], ["completed: "], ["completed: [M0, ]", 'priority: "2"'], ["priority: "]])
        rng.shuffle(fields)
        return "- {" + rng.choice([", ", ",\n   "]).join([f"id: {id_}", *fields]) + "} # end\n"
    parts = ["  skills:" + (_block(rng, skills) if skills else " {}\n"), "  gaps:" + _block(rng, gaps)]
    parts += rng.choice([[], ["  completed:\n  - M0\n"], ["  completed:\n", "  priority: '3' # y\n"]])
    rng.shuffle(parts)
    return f"- id: {id_}\n" + "".join(parts)


@pytest.mark.parametrize("seed", range(40))
def test_rows_of_any_style_and_order_are_changed_in_place(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(10):
        gaps = "".join(rng.sample("abcd", rng.randint(1, 4)))
        rows = [_row(rng, f"L{n}", "".join(rng.sample("abcd", rng.randint(0, 3))), gaps) for n in range(3)]
        change = LeaderChange(
            skills={k: rng.randint(1, 5) for k in rng.sample("abcde", rng.randint(0, 3))},
            completed=tuple(rng.sample(["M1", "M2"], rng.randint(0, 2))),
            closed=tuple(rng.sample(gaps, rng.randint(0, len(gaps)))),
            priority=rng.choice([None, 4]),
        )
        before = "".join(rows).replace("\n", rng.choice(["\n", "\r\n"]))
        wanted = parse(before, "", Findings())
        assert isinstance(wanted, Seq)
        row = wanted[1]
        assert isinstance(row, Map)
        changed_row(row, change)
        after = _after(before, change)
        assert parse(after, "", Findings()) == wanted
        assert after.startswith(before[: before.index("L1")])
        assert after.endswith(before[before.index("L2") :])
        assert change.closed or after.count("#") == before.count("#")
