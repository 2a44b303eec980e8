"""Opening a plan together with the roster it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cadreplan.cli.console import note
from cadreplan.errors import InputError, UsageError
from cadreplan.language import tr, tr_n

if TYPE_CHECKING:
    from cadreplan.diagnostics import Diagnostic
    from cadreplan.documents.reading.history import Fact
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan
    from cadreplan.solution import Solution
    from cadreplan.verification.report import Violation
    from cadreplan.views.season import Season


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """A plan, its roster as it is now, and where the roster's files differ from those it was made from."""

    path: Path
    plan: Plan
    loaded: LoadedRoster
    differences: tuple[Violation, ...]


def open_plan(
    path: Path, roster: Path | None, encoding: str | None, confine: Path | None = None
) -> OpenedPlan:
    """Read a plan and its roster; the roster lies where the plan says, unless `roster` is given.

    With `confine` neither the plan nor the roster names a file outside that folder.

    Raises `UsageError` if either can't be read, `InputError` if the roster has errors by now.
    """
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.loading.load import load_roster
    from cadreplan.origin import differences
    from cadreplan.past import restored

    plan = read_plan(path)
    note_settings(path, plan)
    place = roster_of(path, plan, roster)
    if roster is None:
        _ours(place, confine)
    loaded = load_roster(place, encoding=encoding, settings=plan.roster.settings, confine=confine)
    different = differences(plan, loaded)
    return OpenedPlan(path, plan, replace(loaded, instance=restored(loaded.instance, plan)), different)


def told(path: Path, plan: Plan, encoding: str | None) -> Plan:
    """A plan that says where and when its sessions are held and who its people are.

    What a plan written long ago doesn't say is taken from its roster, if that is still as it was then.
    """
    from cadreplan.origin import differences
    from cadreplan.past import stated

    if all(entry.dates for entry in plan.sessions if entry.runs):
        return plan
    loaded = _loaded(path, plan, encoding)
    return plan if loaded is None or differences(plan, loaded) else stated(loaded.instance, plan)


def naming(path: Path, plan: Plan, encoding: str | None) -> list[Instance]:
    """The instance with names for the candidates of a plan; none where it has none, or the roster is gone."""
    if not any("@" in entry.id for entry in plan.sessions):
        return []
    loaded = _loaded(path, plan, encoding)
    return [] if loaded is None else [loaded.instance]


def _loaded(path: Path, plan: Plan, encoding: str | None) -> LoadedRoster | None:
    """The roster that a plan names, if it is there and right."""
    from cadreplan.loading.load import load_roster

    place = path.parent / plan.roster.path
    if not place.is_file():
        return None
    try:
        _ours(place, None)
        return load_roster(place, encoding=encoding, settings=plan.roster.settings)
    except (InputError, UsageError):
        return None


def _ours(place: Path, confine: Path | None) -> None:
    """Refuse what a plan calls its roster and is none, without quoting it: it may be any file here."""
    from cadreplan.documents.files import UnreadableError, stay_inside
    from cadreplan.loading.walk import is_document

    try:
        if confine is not None:
            stay_inside(str(place), confine)
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    if not is_document(str(place)):
        raise UsageError(tr("{file} does not say `kind: roster`: it is no roster", file=place))


def note_settings(path: Path, plan: Plan) -> None:
    """Say so, whatever is shown of a plan that was not made of the roster as it stands in its files."""
    from cadreplan.views.wording import made_with

    if plan.roster.settings:
        note(f"{path}: {made_with(plan.roster.settings)}")


def roster_of(path: Path, plan: Plan, named: Path | None) -> Path:
    """Where the roster of a plan lies: where the user says, else where the plan does, if that is a file.

    A plan may come from anybody: what it names must not make the program wait for a pipe.
    """
    place = named or path.parent / plan.roster.path
    if not (place.exists() if named else place.is_file()):
        raise UsageError(
            tr("the roster of {plan} is not at {place}: name it with --roster", plan=path, place=place)
        )
    return place


def sound_solution(opened: OpenedPlan) -> tuple[Instance, Solution]:
    """What a plan decides, and its instance as an engine can take it, with what is frozen pinned.

    Raises `UsageError` where it breaks the rules of its roster.
    """
    from cadreplan.insight.held import held
    from cadreplan.verification.plans import resolve
    from cadreplan.verification.rules import check

    solution, unknown = resolve(opened.loaded.instance, opened.plan)
    if unknown or not check(opened.loaded.instance, solution).ok:
        raise UsageError(
            tr("{plan} breaks rules of its roster: see `cadreplan check {plan}`", plan=opened.path)
        )
    return held(opened.loaded.instance, solution), solution


def season_of(opened: OpenedPlan) -> Season:
    """The plan laid over its roster; a note where that isn't the one it was made from."""
    from cadreplan.views.season import Season

    season = Season.of(opened.loaded.instance, opened.plan)
    if opened.differences or season.unknown:
        note(tr("the roster isn't the one this plan was made from: `cadreplan check` tells the differences"))
    return season


def all_known(option: str, ids: Iterable[str], known: Collection[str], file: Path | str) -> None:
    """Raises `UsageError` for the first id given with an option that a file doesn't have."""
    from cadreplan.documents.findings import Nearest, shown

    for id_ in ids:
        if id_ not in known:
            message = tr(
                "{option}: found {name}, expected one that is in {file}",
                option=option,
                name=shown(id_),
                file=file,
            )
            raise UsageError("; ".join(filter(None, (message, Nearest(sorted(known)).hint(id_)))))


def warn_of_strangers(history: Path, facts: Sequence[Fact], ids: Collection[str]) -> None:
    """A line about people of a history whom the roster doesn't have."""
    from cadreplan.documents.findings import Nearest
    from cadreplan.insight.history import strangers
    from cadreplan.views.wording import first_of

    gone = strangers(facts, ids)
    if not gone:
        return
    told = tr_n(
        "the roster lacks {n:,} leader of the last rotation in {file}: {ids}. Who is still there needs the"
        " same id as before, or their history ends",
        "the roster lacks {n:,} leaders of the last rotation in {file}: {ids}. Who is still there needs the"
        " same id as before, or their history ends",
        len(gone),
        file=history,
        ids=first_of(gone),
    )
    note(" ".join(filter(None, (f"{told};", Nearest(sorted(ids)).hint(gone[0])))).rstrip(";"))


def warn(warnings: Sequence[Diagnostic], roster: Path) -> None:
    """One line about the warnings of a roster, but for those that the configuration ignores."""
    from cadreplan.loading.config import Configs
    from cadreplan.views.findings import by_rule

    shown = Configs().applied(warnings)
    if not shown:
        return
    found = by_rule(shown)
    note(tr("{findings} (see: cadreplan validate {roster})", findings=found, roster=roster))


def show_findings(diagnostics: Sequence[Diagnostic]) -> None:
    """Findings on standard error: drawn on a terminal, a line each elsewhere."""
    from cadreplan.cli.console import err, show
    from cadreplan.views.findings import text, totals

    if not diagnostics:
        return
    console = err()
    if console.is_terminal:
        from cadreplan.views.screen.findings import findings_screen

        show(console, findings_screen(diagnostics, source_lines))
    else:
        console.file.write(text(diagnostics))
    console.print(f"{totals(diagnostics)}", style="quiet", soft_wrap=True)


def source_lines(file: str) -> Sequence[str]:
    """The lines of a text file, each once read; none for other files and standard input."""
    path = Path(file)
    if path.suffix.lower() not in {".yaml", ".yml", ".csv"} or not path.is_file():
        return ()
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace").splitlines()
