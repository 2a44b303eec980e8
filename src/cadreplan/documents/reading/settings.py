"""What-if without editing files: `sites.yanan.beds=60` put into a roster while it is read.

A setting is a path into the roster and a value, written as in a cell of a table; `sessions.S1=` takes a row
away. It is put into the tree before that is validated, so that every rule holds for what is set, and findings
keep their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.schema.roster import RosterSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tables.reader import read_cell
from cadreplan.documents.tree import Map, Seq, Tree
from cadreplan.documents.values.validate import read_fields, read_spec
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr

TABLES = ("sites", "branches", "sessions", "offerings", "lecturers", "leaders")
ALL = "*"
"""Stands for every row of a table: `leaders.*.max_days=10`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`head` is the first step of the path, `rest` what follows it, `value` the text, empty for none."""

    text: str
    head: str
    rest: str
    value: str


def parse_setting(text: str) -> Setting:
    """A setting as it is written. Raises `UsageError` where it is none."""
    path, equals, value = text.partition("=")
    head, _, rest = path.strip().partition(".")
    if not equals or not head:
        way = tr("write PATH=VALUE, as in sites.yanan.beds=60 or policy.max_days=10")
        raise _wrong(text, way)
    if head not in RosterSpec.keys:
        problem = tr("a roster has no {name}", name=shown(head))
        raise _unknown(text, problem, head, list(RosterSpec.keys))
    return Setting(text, head, rest, value.strip())


class Settings:
    """The settings of one reading; each is applied where its table is read, and has to be applied once."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._settings = [parse_setting(text) for text in texts]
        self._left = list(self._settings)

    def apply_to_head(self, tree: Map) -> None:
        """Put in what stands in the roster file itself. Raises `UsageError` for a wrong path or value."""
        for setting in self._settings:
            if setting.head in TABLES and setting.rest:
                continue
            path = [setting.head, *(setting.rest.split(".") if setting.rest else [])]
            _put(setting, RosterSpec, tree, path)
            found = Findings()
            read_fields(RosterSpec, [setting.head], "--set", tree, found)
            _refuse(setting, found, ())
            self._left.remove(setting)

    def apply_to_rows(self, table: str, spec: type[Spec], rows: Seq) -> None:
        """Put in what stands in the rows of a table. Raises `UsageError` for a wrong path or value."""
        for setting in self._settings:
            if setting.head == table and setting.rest:
                if not setting.value and _take_away(setting, rows):
                    self._left.remove(setting)
                    continue
                for row, field in _rows_of(setting, rows):
                    before = _messages(spec, row)
                    _put(setting, spec, row, field.split("."))
                    found = Findings()
                    read_spec(spec, "--set", row, found)
                    _refuse(setting, found, before)
                self._left.remove(setting)

    def check_all_applied(self) -> None:
        """Raise `UsageError` for a setting whose table the roster does not have."""
        for setting in self._left:
            raise _wrong(setting.text, tr("the roster has no rows of {table}", table=setting.head))


def _take_away(setting: Setting, rows: Seq) -> bool:
    """Take the row away that a setting names without a field, as in `sessions.S1=`; whether it does."""
    for k, row in enumerate(rows):
        if isinstance(row, Map) and row.get("id") == setting.rest:
            del rows[k], rows.marks[k]
            return True
    return False


def _rows_of(setting: Setting, rows: Seq) -> list[tuple[Map, str]]:
    """The rows that a setting is for, each with the path that is left; an id may have dots in it."""
    maps = [row for row in rows if isinstance(row, Map)]
    star = setting.rest.startswith(f"{ALL}.")
    ids = [str(row.get("id")) for row in maps]
    held = [k for k, id_ in enumerate(ids) if star or setting.rest.startswith(f"{id_}.")]
    if not held:
        id_ = setting.rest.partition(".")[0]
        if id_ in ids:
            way = f"{setting.head}.{id_}.FIELD=VALUE"
            raise _wrong(setting.text, tr("name a field as well, as in {way}", way=way))
        if "@" in id_ and setting.head == "sessions":
            offering = id_.partition("@")[0]
            way = f"offerings.{offering}.FIELD=VALUE"
            raise _wrong(setting.text, tr("a candidate is set through its offering: {way}", way=way))
        problem = tr("{table} has no {name}", table=setting.head, name=shown(id_))
        raise _unknown(setting.text, problem, id_, ids)
    if star:
        return [(row, setting.rest.removeprefix(f"{ALL}.")) for row in maps]
    longest = max(held, key=lambda k: len(ids[k]))
    return [(maps[longest], setting.rest.removeprefix(f"{ids[longest]}."))]


def _put(setting: Setting, spec: type[Spec], tree: Map, path: list[str]) -> None:
    """Put the value where the path leads, with maps on the way where there are none."""
    node, holder = tree, ""
    keys: type[Spec] | None = spec
    for k, step in enumerate(path):
        if keys is not None and step not in keys.keys:
            if holder:
                problem = tr("{table} has no {name}", table=holder, name=shown(step))
            else:
                problem = tr("there is no field {name}", name=shown(step))
            raise _unknown(setting.text, problem, step, list(keys.keys))
        if k + 1 == len(path):
            break
        child = node.get(step)
        if not isinstance(child, Map):
            child = Map(node.value_mark(step))
            _assign(node, step, child)
        node, keys, holder = child, _inner(keys, step), step
    value: Tree = setting.value or None
    if spec is not RosterSpec and len(path) == 1 and setting.value:
        found = Findings()
        value = read_cell(setting.value, spec, path[0], "--set", found)
        _refuse(setting, found, ())
    _assign(node, path[-1], value)


def _inner(spec: type[Spec] | None, key: str) -> type[Spec] | None:
    """The spec of a map with fixed keys; None for a map from ids, whose keys the rules look at."""
    annotation: Any = spec.model_fields[spec.keys[key]].annotation if spec else None
    choices = (annotation, *get_args(annotation))
    return next((c for c in choices if isinstance(c, type) and issubclass(c, Spec)), None)


def _assign(node: Map, key: str, value: Tree) -> None:
    if key in node:
        node[key] = value
    else:
        node.add(key, value, node.mark, node.mark)


def _messages(spec: type[Spec], row: Map) -> Sequence[str]:
    found = Findings()
    read_spec(spec, "--set", row, found)
    return [item.message for item in found.items]


def _refuse(setting: Setting, found: Findings, known: Sequence[str]) -> None:
    for item in found.items:
        if item.is_error and item.message not in known:
            hint = f" ({item.hint})" if item.hint else ""
            raise _wrong(setting.text, item.message + hint)


def _wrong(text: str, problem: str) -> UsageError:
    return UsageError(f"--set {text}: {problem}")


def _unknown(text: str, problem: str, name: str, known: Sequence[str]) -> UsageError:
    hint = Nearest(known).hint(name)
    if not hint:
        few = listed([*list(known)[:12], *(["..."] if len(known) > 12 else [])])
        hint = tr("expected one of: {names}", names=few)
    return _wrong(text, tr("{problem}; {hint}", problem=problem, hint=hint))
