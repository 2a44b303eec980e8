"""The door to documents: load a roster, or list everything that is wrong with files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.editing.fixing import FixedFile, fixed_files
from cadreplan.documents.files import STANDARD_INPUT, Source, UnreadableError, read_source
from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.curriculum import curriculum_of
from cadreplan.documents.reading.document import kind_of, read_document
from cadreplan.documents.reading.roster import read_roster
from cadreplan.documents.reading.settings import Settings
from cadreplan.documents.tree import START, Map
from cadreplan.documents.yaml.comments import Ignores
from cadreplan.documents.yaml.reader import gc_paused
from cadreplan.errors import InputError, UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.loading.build import build_instance
from cadreplan.loading.config import Configs
from cadreplan.notebook import MOST_ROWS, table
from cadreplan.plan import RosterRef
from cadreplan.rules.registry import (
    LATE_RULES,
    ROSTER_ONLY_RULES,
    RULES,
    check_curriculum,
    check_demand,
    check_roster,
    check_whole,
)


@dataclass(frozen=True)
class LoadedRoster:
    """A roster without errors.

    `sha256` is of the roster file's bytes; `files` maps the path of every other file it reads (curriculum,
    tables), relative to the roster's folder, to its sha256. `warnings` are its findings, no error among them,
    without those that a comment ignores. `settings` were put in while it was read (`documents.settings`).
    """

    path: Path
    instance: Instance
    sha256: str
    files: Mapping[str, str]
    warnings: tuple[Diagnostic, ...]
    settings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """A line: all fields of 300 leaders are 200 kB of text."""
        n = len(self.instance.leaders), len(self.instance.sessions)
        return f"<{type(self).__name__} {str(self.path)!r}: {n[0]:,} leaders, {n[1]:,} sessions>"

    def _repr_html_(self) -> str:
        """What a notebook shows: how much there is of everything, and the findings."""
        problem = self.instance
        counts = (
            (tr("leaders"), len(problem.leaders)),
            (tr("sessions"), len(problem.sessions)),
            (tr("sites"), len(problem.sites)),
            (tr("branches"), len(problem.branches)),
            (tr("skill gaps"), sum(len(leader.gaps) for leader in problem.leaders)),
        )
        found = [(one.rule, one.message) for one in self.warnings[:MOST_ROWS]]
        return table(problem.title or tr("roster"), (*counts, *found))

    @property
    def reference(self) -> RosterRef:
        """What a plan says of the roster it belongs to; `path` is seen from the working directory."""
        return RosterRef(self.path.as_posix(), self.sha256, dict(self.files), self.settings)


def load_roster(
    path: Path,
    *,
    encoding: str | None = None,
    settings: Sequence[str] = (),
    confine: Path | None = None,
) -> LoadedRoster:
    """Read, validate and build a roster; `encoding` overrules the detected one of its CSV tables.

    `settings` like `sites.yanan.beds=60` are put in before anything is validated. With `confine` the roster
    names no file outside that folder. Raises `InputError` with
    all findings of all files if any is an error, `UsageError` if the roster itself can't be read, a setting
    names nothing in it or has a wrong value, or the encoding is unknown.
    """
    findings, what_if = Findings(), Settings(settings)
    with gc_paused(), findings.bounded():
        source = _source(str(path), findings)
        tree = _tree(source, findings) if source else None
        roster = None
        if source and tree is not None:
            roster = _roster(tree, source, findings, encoding, settings=what_if, confine=confine)
        found = findings.sorted()
        warnings = tuple(Ignores(findings.texts, findings.named).left(found))
        if source is None or roster is None or findings.has_errors:
            raise InputError([one for one in found if one.is_error or one in warnings])
        what_if.check_all_applied()
        instance = build_instance(roster)
    return LoadedRoster(path, instance, source.sha256, roster.files, warnings, tuple(settings))


def read_roster_file(path: Path, *, encoding: str | None = None) -> RosterDocument:
    """A roster as it is written, with its curriculum and tables; raises like `load_roster`."""
    findings = Findings()
    roster = None
    with gc_paused(), findings.bounded():
        source = _source(str(path), findings)
        tree = _tree(source, findings) if source else None
        if source and tree is not None:
            roster = _roster(tree, source, findings, encoding)
    if roster is None or findings.has_errors:
        raise InputError(findings.sorted())
    return roster


def find_problems(
    paths: Iterable[str | Path],
    *,
    encoding: str | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    confine: Path | None = None,
    configs: Configs | None = None,
) -> list[Diagnostic]:
    """All findings of curricula and rosters, told apart by their `kind`; `-` is standard input.

    A roster brings its curriculum and its tables. `select` keeps the findings of those rules only, `ignore`
    leaves those of others out; with `confine` no roster brings a file outside that folder. Findings are left
    out, too, by a comment `# cadreplan: ignore[rule-id]` on the line of a finding, or on that which names the
    table; and by what `configs` say of its file (None: nothing).
    Raises `UsageError` for a path that can't be read and for the id of no rule.
    """
    for id_ in (*select, *ignore):
        if id_ not in RULES:
            near = Nearest(RULES).hint(id_) or tr("`cadreplan rule` lists all")
            raise UsageError(tr("there is no rule {rule}: {hint}", rule=shown(id_), hint=near))
    findings = Findings()
    alone: set[str] = set()
    whole: set[str] = set()
    for path in paths:
        with gc_paused(), findings.bounded():
            source = _source(str(path), findings)
            if source is not None:
                document = _any_document(source, findings, encoding, confine)
                if isinstance(document, CurriculumDocument):
                    alone.add(document.file)
                elif document is not None and document.curriculum is not None:
                    whole.add(document.curriculum.file)
    configs = configs or Configs(isolated=True)
    left = _not_ignored(findings, alone - whole)
    return configs.applied([*configs.findings, *left], select, ignore)


def _not_ignored(findings: Findings, alone: Collection[str]) -> list[Diagnostic]:
    """All findings but those that a comment names, and those about such comments.

    Where an error stopped some rules from being applied, nothing is said of comments that name them: nor in
    curricula that were read `alone`, of rules about rosters.
    """
    found, ignores = findings.sorted(), Ignores(findings.texts, findings.named)
    left = ignores.left(found)
    if any(one.is_error for one in left):
        withheld = set(RULES)
    else:
        withheld = set(LATE_RULES) if findings.has_errors else set()
    useless = ignores.useless(
        RULES,
        lambda file, rule: rule not in withheld and (file not in alone or rule not in ROSTER_ONLY_RULES),
    )
    about = ignores.left(useless)
    texts = findings.texts  # findings in a workbook stay in the order of its sheets
    both = sorted([*left, *about], key=lambda one: (one.file, one.line if one.file in texts else 0))
    return both if about else left


def find_fixes(
    paths: Iterable[str | Path], *, encoding: str | None = None, confine: Path | None = None
) -> list[FixedFile]:
    """What can be rewritten in the files of curricula and rosters, in the plain form, without guessing.

    Nothing is written. Raises `UsageError` for a path that can't be read, or a file that can't be changed.
    """
    findings = Findings()
    documents: list[CurriculumDocument | RosterDocument] = []
    for path in paths:
        if str(path) == STANDARD_INPUT:
            raise UsageError(tr("standard input can't be fixed: name a file"))
        with gc_paused(), findings.bounded():
            source = _source(str(path), findings)
            document = _any_document(source, findings, encoding, confine) if source is not None else None
            if document is not None:
                documents.append(document)
    return fixed_files(documents, findings, encoding)


def _source(file: str, findings: Findings) -> Source | None:
    try:
        return read_source(file)
    except UnreadableError as error:
        if error.rule == "unreadable-file":
            raise UsageError(str(error)) from None
        findings.error(file, START, error.rule, str(error))
        return None


def _tree(source: Source, findings: Findings) -> Map | None:
    """The tree of a document that has to be a roster."""
    tree = read_document(source, findings)
    found = None if tree is None else kind_of(tree, source.file, findings)
    if tree is not None and found is not None and found != "roster":
        message = tr("kind: found {kind}, expected {expected}", kind=shown(found), expected="roster")
        findings.error(source.file, tree.value_mark("kind"), "wrong-value", message)
    return tree if found == "roster" else None


def _any_document(
    source: Source, findings: Findings, encoding: str | None, confine: Path | None = None
) -> CurriculumDocument | RosterDocument | None:
    before = len(findings.items)
    tree = read_document(source, findings)
    kind = None if tree is None else kind_of(tree, source.file, findings)
    if tree is not None and kind == "curriculum":
        return _curriculum(tree, source, findings, before)
    if tree is not None and kind == "roster":
        return _roster(tree, source, findings, encoding, before, confine=confine)
    return None


def _curriculum(tree: Map, source: Source, findings: Findings, before: int = 0) -> CurriculumDocument:
    """Read and check; what it lacks as a whole is said only if no finding since `before` is an error."""
    document = curriculum_of(tree, source, findings)
    _check_curriculum(document, findings, before)
    return document


def _check_curriculum(document: CurriculumDocument, findings: Findings, before: int) -> None:
    findings.items += check_curriculum(document)
    files = document.files
    if not any(found.is_error and found.file in files for found in findings.items[before:]):
        findings.items += check_whole(document)


def _roster(
    tree: Map,
    source: Source,
    findings: Findings,
    encoding: str | None,
    before: int = 0,
    settings: Settings | None = None,
    confine: Path | None = None,
) -> RosterDocument:
    return checked_roster(
        read_roster(tree, source.file, findings, encoding, settings, confine), findings, before
    )


def checked_roster(document: RosterDocument, findings: Findings, before: int = 0) -> RosterDocument:
    """The roster itself, after the rules have added what they find; those that count only where nothing since
    `before` is an error.
    """
    if document.curriculum is not None:
        _check_curriculum(document.curriculum, findings, before)
    findings.items += check_roster(document)
    if not any(found.is_error for found in findings.items[before:]):
        findings.items += check_demand(document)
    return document
