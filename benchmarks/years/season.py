"""One season of the study: a roster's files, its plan, what comes of it, and the files of the next."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cadreplan
from benchmarks.years import world
from cadreplan.documents.editing.next_season import season_after
from cadreplan.documents.findings import Findings
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.history import read_history
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import read_results
from cadreplan.documents.schema.types import DateRange
from cadreplan.documents.writing import write_all
from cadreplan.insight.record import Record, RecordRules, record
from cadreplan.insight.recording import Order, recording
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster, read_roster_file
from cadreplan.plan import Plan

COLUMNS = (
    "id",
    "name",
    "branch",
    "role",
    "since",
    "skills",
    "earned",
    "completed",
    "priority",
    "credited",
    "waited",
)


@dataclass(frozen=True)
class Policy:
    """What is compared: the roster's `policy`, and by how much priority rises for who waited."""

    name: str
    written: str
    step: int


@dataclass
class Measured:
    """What a season came to. `left_out` have skill gaps and no seat; `again` of them were left out in the
    season before as well; `streaks` are seasons in a row by person. `worth` has every priority as 1 and no
    points but those for skill gaps and days. `met` and `asked` are by norm, where it was due.
    """

    season: int
    leaders: int
    with_gaps: int
    seats: int
    left_out: int
    again: int
    longest: int
    closed: int
    still_open: int
    worth: int
    bound_gap: float
    met: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    streaks: dict[str, int] = field(default_factory=dict)
    joined: int = 0


def prepare(folder: Path, policy: Policy, leaders: int, seed: int, share: float) -> None:
    """The files of the first season."""
    folder.mkdir(parents=True, exist_ok=True)
    first, last = world.horizon(0)
    (folder.parent / "curriculum.yaml").write_text(world.CURRICULUM, encoding="utf-8")
    (folder / "roster.yaml").write_text(
        f"cadreplan: 1\nkind: roster\ntitle: season 0\ncurriculum: ../curriculum.yaml\n"
        f"horizon: {first}..{last}\nsites:\n  - {{id: CENTRE, name: 培训中心}}\n"
        f"branches: [{', '.join(f'{{id: {b}}}' for b in world.branches(leaders))}]\n"
        f"sessions: roster-sessions.csv\nleaders: roster-leaders.csv\npolicy: {policy.written}\n",
        encoding="utf-8",
    )
    rows = []
    for number in range(leaders):
        who = world.person(seed, number, 0, leaders)
        held = world.skills_at_first(seed, who)
        rows.append(
            {
                **asdict(who),
                "skills": "; ".join(f"{k}:2" for k in held),
                "earned": "; ".join(f"{k}:{day}" for k, day in held.items()),
            }
        )
    _write_leaders(folder, rows)
    _write_sessions(folder, seed, 0, leaders, share)


def run(
    folder: Path,
    season: int,
    policy: Policy,
    before: Measured | None,
    *,
    leaders: int,
    seed: int,
    share: float,
    seconds: float | None,
    work: float | None,
    workers: int,
    last: bool,
) -> Measured:
    """Plan a season, let it happen, measure it, and write the files of the next one beside its folder."""
    path, plan_path = folder / "roster.yaml", folder / "plan.json"
    if plan_path.exists():
        plan = cadreplan.read_plan(plan_path)
    else:
        plan = cadreplan.solve(
            path, engine="columns", time_limit=seconds, work_limit=work, workers=workers, seed=seed
        )
        cadreplan.save(plan, plan_path)
    loaded = load_roster(path)
    results = folder / "results.csv"
    with results.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["leader", "session", "result", "missed"])
        for who, session in plan.assignments:
            writer.writerow([who, session, *world.attended(seed, season, who, session)])
    document, findings = read_roster_file(path), Findings()
    rows = read_results(results, findings, Known.of(loaded.instance, plan)).rows
    history = folder / "history.csv"
    known = read_history(history, findings) if history.exists() else []
    rules = RecordRules(step=policy.step)
    found = record(loaded.instance, plan, document, rows, rules, known, findings)
    measured = _measured(season, loaded.instance, plan, found, before)
    measured.met, measured.asked = _norms(document, found, season)
    measured.joined = before.joined if before else leaders
    if not last:
        following = folder.parent / f"{season + 1:02}"
        following.mkdir(exist_ok=True)
        new = following / "history.csv"
        new.write_bytes(history.read_bytes() if history.exists() else b"")
        span = DateRange(*world.horizon(season + 1))
        assert document.horizon is not None
        order = Order(
            following / "roster.yaml",
            RecordRules(step=policy.step, following=span),
            new,
            f"season {season}",
            season_after(document.horizon, span, f"season {season + 1}"),
        )
        write_all(recording(loaded, plan, [results], known, order).files)
        measured.joined = _change_people(following, season + 1, measured.joined, leaders, seed)
        _write_sessions(following, seed, season + 1, leaders, share)
    return measured


def _measured(
    season: int, instance: Instance, plan: Plan, found: Record, before: Measured | None
) -> Measured:
    seats = Counter(leader for leader, _ in plan.assignments)
    old = before.streaks if before else {}
    out = [one.id for one in instance.leaders if one.gaps and not seats[one.id]]
    streaks = {id_: old.get(id_, 0) + 1 for id_ in out}
    weights = {skill.id: skill.weight for skill in instance.skills}
    points = instance.policy.weights
    planned = {
        (instance.leader_by_id[leader], instance.session_by_id[session])
        for leader, session in plan.assignments
    }
    closed: set[tuple[int, int]] = set()
    for i, s in planned:
        taught = instance.levels_taught[s]
        closed |= {(i, g.skill) for g in instance.leaders[i].gaps if taught.get(g.skill, 0) >= g.level}
    days = sum(len(instance.sessions[s].days) for _, s in planned)
    worth = points.gap * sum(weights[instance.skills[k].id] for _, k in closed) - points.day * days
    return Measured(
        season=season,
        leaders=len(instance.leaders),
        with_gaps=sum(bool(one.gaps) for one in instance.leaders),
        seats=len(plan.assignments),
        left_out=len(out),
        again=sum(n >= 2 for n in streaks.values()),
        longest=max(streaks.values(), default=0),
        closed=sum(len(one.closed) for one in found.leaders),
        still_open=sum(len(one.open) for one in found.leaders),
        worth=worth,
        bound_gap=plan.solver.gap,
        streaks=streaks,
    )


def _norms(document: RosterDocument, found: Record, season: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many meet each norm that is due by the end of a season, and of how many.

    Calendar years are due at the end of an autumn, if the study knows all of them; days since somebody took
    their post, where they have ended since the season before did.
    """
    assert document.curriculum is not None
    assert document.horizon is not None
    met, asked = Counter[str](), Counter[str]()
    norms = {row.id or "": norm for row, norm in document.curriculum.norms.valid()}
    before = world.horizon(season - 1)[1] if season else document.horizon.start
    for one in found.leaders:
        spec = document.leaders.spec(one.id)
        for credit in one.credits if spec is not None else ():
            norm = norms[credit.norm]
            window = norm.window(spec.since if spec else None, document.horizon)
            if window is None:
                continue
            if norm.within is not None:
                is_due = before < window.end <= document.horizon.end
            else:
                is_due = season % 2 == 1 and window.start.year >= world.FIRST_YEAR
            if is_due:
                asked[credit.norm] += 1
                met[credit.norm] += credit.amount >= (norm.hours or norm.sessions or 0)
    return dict(met), dict(asked)


def _change_people(folder: Path, season: int, joined: int, leaders: int, seed: int) -> int:
    """Let people leave, change posts and join in the next season's table; returns how many ever joined."""
    path = folder / "roster-leaders.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = []
    for row in rows:
        what = world.fate(seed, season, row["id"])
        if what == "post":
            role = world.other_role(seed, season, row["id"], row["role"])
            row |= {"role": role, "since": world.horizon(season)[0].isoformat(), "credited": ""}
        if what != "leave":
            kept.append(row)
    while len(kept) < leaders:
        kept.append(asdict(world.person(seed, joined, season, leaders)))
        joined += 1
    _write_leaders(folder, kept)
    return joined


def _write_leaders(folder: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with (folder / "roster-leaders.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _write_sessions(folder: Path, seed: int, season: int, leaders: int, share: float) -> None:
    with (folder / "roster-sessions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "site", "modules", "dates", "seats"])
        writer.writerows(world.sessions(seed, season, leaders, share))
