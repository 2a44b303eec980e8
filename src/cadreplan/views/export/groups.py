"""The table of discussion groups: who sits where, with what groups are asked to mix."""

from __future__ import annotations

from cadreplan.language import tr
from cadreplan.tags import value_of
from cadreplan.views.groups import group_rows, tag_name
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows
from cadreplan.views.table import Column, Named, Table, Value


def groups(season: Season) -> Table:
    """One row a session and leader, sessions by first day, then group by group."""
    instance = season.instance
    own = [tag for tag in _tags(season) if tag != "role" and not tag.startswith("branch")]
    columns = (
        Column("session", tr("session")),
        Column("first", tr("first day"), "date"),
        Column("group", tr("group"), "number"),
        Column("leader", tr("leader no.")),
        Column("name", tr("name")),
        Column("branch", tr("branch")),
        Column("post", tr("post")),
        Column("people", tr("people"), "number"),
        *(Column(f"tags.{tag}", tag_name(tag)) for tag in own),
    )
    rows: list[tuple[Value, ...]] = [
        (
            Named.of(row.id, row.name),
            instance.date_of(row.first),
            group.number,
            sitter.id,
            sitter.name,
            sitter.branch,
            sitter.role or None,
            sitter.headcount,
            *(value_of(instance, instance.leaders[sitter.leader], tag) for tag in own),
        )
        for row in session_rows(season)
        for group in group_rows(season, row.session)
        for sitter in group.sitters
    ]
    return Table("groups", tr("Discussion groups"), columns, tuple(rows))


def _tags(season: Season) -> list[str]:
    instance = season.instance
    asked = (mix.tag for mix in instance.mix if mix.each == "group")
    return list(dict.fromkeys((*(tag for tag, _ in instance.policy.groups), *asked)))
