"""The instance as flat integer arrays, the form that compiled kernels read.

M sessions, L leaders, B branches, D days of the horizon. Lists of varying length are stored end to end with
a `*_ptr` array of starts (one longer than the list it belongs to). Points are unscaled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.begun import too_many
from cadreplan.engines.columns.compiled.lists import flat, pointers, runs
from cadreplan.engines.columns.compiled.mixing import Mixing, mixing_of
from cadreplan.engines.columns.compiled.owing import Owing, owing_of
from cadreplan.engines.jit import kernel
from cadreplan.engines.structures import Structure
from cadreplan.instance import Instance, Leader, Location

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
Bools = NDArray[np.bool_]
F64 = NDArray[np.float64]

MAX_SESSIONS = 16
"""Sessions in one column at most; a leader who could attend more gets a bound that does not assume this."""
NO_LIMIT = 1 << 20


@dataclass(frozen=True, eq=False)
class SessionArrays(Structure):
    """Per session; `run_*` are its maximal runs of consecutive days, `methods` a bit set.

    Of two `frozen` ones it isn't asked whether they go together, or whether anything must come first.
    """

    site: I32
    first: I32
    last: I32
    day_ptr: I32
    day: I32
    run_ptr: I32
    run_first: I32
    run_last: I32
    mod_ptr: I32
    mod: I32
    req_ptr: I32
    req: I32
    """Entries that a session requires and doesn't meet itself, by their number among all different ones."""
    give_ptr: I32
    give: I32
    """For each place in `req` the sessions that meet it: they end before and go together with the session."""
    holds: Bools
    """(M, entries): whether a session has a module of an entry."""
    hours: I64
    core: I64
    methods: I64
    n_modules: I64
    level: I32
    """(M, skills): highest level taught, NOT_TAUGHT where none."""
    conflict: Bools
    """(M, M): never together: a shared module or day, or too few days for the transfer."""
    shares: Bools
    """(M, M): a module in common."""
    link: Bools
    """(M, M): at one site, near enough for one trip."""
    frozen: Bools


@dataclass(frozen=True, eq=False)
class LeaderArrays(Structure):
    """Per leader; `reach_row` indexes `Compiled.reach`, `bad` counts days off limits before each day."""

    branch: I32
    role: I32
    place: I32
    heads: I64
    max_sessions: I32
    max_days: I32
    max_trips: I32
    gap_ptr: I32
    gap_skill: I32
    gap_level: I32
    gap_points: I64
    bad: I32
    done: Bools
    """(L, entries): met by what is completed."""
    pin_ptr: I32
    pin: I32
    out_ptr: I32
    out: I32
    like_ptr: I32
    like_session: I32
    like_points: I64
    place_ptr: I32
    place_site: I32
    place_points: I64
    owed_ptr: I32
    owed_row: I32
    owed_missing: I64
    owed_points: I64
    idle: I64
    """Points that a leader costs who attends nothing."""
    twice: I64
    """(L, 3): hours, core hours and modules that sessions begun count too often."""


@dataclass(frozen=True, eq=False)
class Policies(Structure):
    """The numbers of the policy that a leader's search needs; `core_den` 0: no core share."""

    transfer_days: int
    stay_gap: int
    km: int
    day: int
    core_num: int
    core_den: int
    min_methods: int
    n_days: int


@dataclass(frozen=True, eq=False)
class Compiled(Structure):
    """All of it. `reach[b, s]` is the headcount a leader of branch b may have in session s (-1: not open).

    Beds are not in it: whoever sleeps at home takes none. What a leader does from home is at a site of its
    own behind all others, which has beds for everybody and no distance: `home`.
    """

    sessions: SessionArrays
    leaders: LeaderArrays
    reach: I32
    role_open: Bools
    km: I64
    """(places, sites and home): kilometres of one trip."""
    local: Bools
    """(places, sites): who lives at the place sleeps at home."""
    beds: I64
    """People on one day, by site."""
    policies: Policies
    counted: I64
    """(windows, M): what a session counts for what leaders are owed in a window, see `owing.Owing`."""
    mixing: Mixing


NOT_TAUGHT = -(1 << 30)


def compile_arrays(instance: Instance, like: Compiled | None = None) -> Compiled:
    """Flatten an instance; linear in its size but for three (M, M) matrices.

    `like` are the arrays of an instance with the same sessions, sites, branches and policy, but perhaps
    other leaders: what is the same is not made again.
    """
    entries = sorted({entry for required in instance.required for entry in required})
    owing = owing_of(instance)
    leaders, km, local = _leaders(instance, entries, owing)
    if like is not None:
        return replace(like, leaders=leaders, km=km, local=local, counted=owing.counted)
    sessions = _sessions(instance, entries)
    beds = np.array([1 << 30 if site.beds is None else site.beds for site in instance.sites], np.int64)
    role_open = np.ones((len(instance.roles) + 1, len(instance.sessions)), np.bool_)
    for s, session in enumerate(instance.sessions):
        if session.roles is not None:
            role_open[:, s] = False
            role_open[[r + 1 for r in session.roles], s] = True
    policy = instance.policy
    share = policy.core_share
    policies = Policies(
        policy.transfer_days,
        policy.stay_gap,
        policy.weights.km,
        policy.weights.day,
        0 if share is None else share.numerator,
        0 if share is None else share.denominator,
        policy.min_methods,
        instance.n_days,
    )
    reach = _reach(instance)
    mixing = mixing_of(sessions.methods, sessions.n_modules, sessions.frozen, policy.min_methods)
    return Compiled(sessions, leaders, reach, role_open, km, local, beds, policies, owing.counted, mixing)


def _sessions(instance: Instance, entries: list[tuple[int, ...]]) -> SessionArrays:
    modules = instance.modules
    method_bit = {method: k for k, method in enumerate(sorted({m.method for m in modules}))}
    level = np.full((len(instance.sessions), max(1, len(instance.skills))), NOT_TAUGHT, np.int32)
    for s, taught in enumerate(instance.levels_taught):
        for skill, reached in taught.items():
            level[s, skill] = reached
    day_ptr, day = flat([session.days for session in instance.sessions])
    mod_ptr, mod = flat([session.modules for session in instance.sessions])
    spans = [runs(session.days) for session in instance.sessions]
    number = {entry: k for k, entry in enumerate(entries)}
    req_ptr, req = flat([[number[entry] for entry in required] for required in instance.required])
    holds = np.zeros((len(instance.sessions), max(1, len(entries))), np.bool_)
    for s, session in enumerate(instance.sessions):
        holds[s, [k for k, entry in enumerate(entries) if not set(entry).isdisjoint(session.modules)]] = True
    methods = [
        sum(1 << bit for bit in {method_bit[modules[m].method] for m in session.modules})
        for session in instance.sessions
    ]
    site = np.array([session.site for session in instance.sessions], np.int32)
    conflict, link, shares = _pairs(
        site, day_ptr, day, mod_ptr, mod, instance.policy.transfer_days, instance.policy.stay_gap
    )
    frozen = np.array([session.frozen for session in instance.sessions], np.bool_)
    conflict &= ~np.outer(frozen, frozen) | np.eye(len(frozen), dtype=np.bool_)
    first = np.array([session.first_day for session in instance.sessions], np.int32)
    last = np.array([session.last_day for session in instance.sessions], np.int32)
    give_ptr, give = flat(
        [
            np.flatnonzero(holds[:, k] & (last < first[s]) & ~conflict[s]).tolist()
            for s in range(len(instance.sessions))
            for k in req[req_ptr[s] : req_ptr[s + 1]]
        ]
    )
    return SessionArrays(
        site=site,
        first=first,
        last=last,
        day_ptr=day_ptr,
        day=day,
        run_ptr=pointers(map(len, spans)),
        run_first=np.array([a for one in spans for a, _ in one], np.int32),
        run_last=np.array([b for one in spans for _, b in one], np.int32),
        mod_ptr=mod_ptr,
        mod=mod,
        req_ptr=req_ptr,
        req=req,
        give_ptr=give_ptr,
        give=give,
        holds=holds,
        hours=np.array([sum(modules[m].hours for m in s.modules) for s in instance.sessions], np.int64),
        core=np.array(
            [sum(modules[m].hours for m in s.modules if modules[m].core) for s in instance.sessions], np.int64
        ),
        methods=np.array(methods, np.int64),
        n_modules=np.array([len(set(s.modules)) for s in instance.sessions], np.int64),
        level=level,
        conflict=conflict,
        link=link,
        shares=shares,
        frozen=frozen,
    )


@kernel
def _pairs(
    site: I32, day_ptr: I32, day: I32, mod_ptr: I32, mod: I32, transfer: int, stay: int
) -> tuple[Bools, Bools, Bools]:
    n = len(site)
    conflict = np.zeros((n, n), np.bool_)
    link = np.zeros((n, n), np.bool_)
    shares = np.zeros((n, n), np.bool_)
    for s in range(n):
        for t in range(s):
            apart = 1 << 30
            for a in range(day_ptr[s], day_ptr[s + 1]):
                for b in range(day_ptr[t], day_ptr[t + 1]):
                    apart = min(apart, abs(day[a] - day[b]))
            same = site[s] == site[t]
            clash = apart == 0 or (not same and apart - 1 < transfer)
            for a in range(mod_ptr[s], mod_ptr[s + 1]):
                for b in range(mod_ptr[t], mod_ptr[t + 1]):
                    if mod[a] == mod[b]:
                        shares[s, t] = shares[t, s] = True
            clash = clash or shares[s, t]
            conflict[s, t] = conflict[t, s] = clash
            link[s, t] = link[t, s] = same and apart > 0 and apart - 1 <= stay
        conflict[s, s] = True
    return conflict, link, shares


def _reach(instance: Instance) -> I32:
    """(B, M): the least of seats, quotas and absence limits on the way of one leader."""
    branches, m = instance.branches, len(instance.sessions)
    most = np.full((len(branches), m), 1 << 30, np.int64)
    outside = np.zeros((len(branches), m), np.bool_)
    for s, session in enumerate(instance.sessions):
        if session.quotas:
            of, quota = zip(*session.quotas, strict=True)
            most[list(of), s] = quota
        if session.branches is not None:
            outside[:, s] = [set(line).isdisjoint(session.branches) for line in instance.lineages]
    reach = np.empty_like(most)
    for b, line in enumerate(instance.lineages):
        caps = [cap for c in line if (cap := branches[c].max_away) is not None]
        reach[b] = np.minimum(most[list(line)].min(axis=0), min(caps, default=1 << 30))
    for s, session in enumerate(instance.sessions):
        site = instance.sites[session.site]
        seats = session.seats
        if site.rooms is not None:
            seats = min(seats, max((room.seats for room in site.rooms), default=-1))
        np.minimum(reach[:, s], seats, out=reach[:, s])
        if session.frozen:
            reach[:, s] = 1 << 30  # whoever is pinned to it
    reach[outside] = -1
    return np.clip(reach, -1, 1 << 30).astype(np.int32)


def _leaders(
    instance: Instance, entries: list[tuple[int, ...]], owing: Owing
) -> tuple[LeaderArrays, I64, Bools]:
    leaders, policy = instance.leaders, instance.policy
    places: dict[Location | None, int] = {}
    example: list[Leader] = []
    for leader in leaders:
        if leader.location not in places:
            places[leader.location] = len(places)
            example.append(leader)
    km = np.zeros((len(example), len(instance.sites) + 1), np.int64)
    local = np.zeros((len(example), len(instance.sites)), np.bool_)
    for place, leader in enumerate(example):
        for site in range(len(instance.sites)):
            km[place, site] = instance.trip_km(leader, site)
            local[place, site] = instance.is_local(leader, site)
    bad = np.zeros((len(leaders), instance.n_days + 1), np.int32)
    done = np.zeros((len(leaders), max(1, len(entries))), np.bool_)
    done_by: dict[frozenset[int], list[int]] = {}
    for i, leader in enumerate(leaders):
        off = np.zeros(instance.n_days, np.int32)
        if leader.available is not None:
            off[:] = 1
            for a, b in leader.available:
                off[max(0, a) : max(0, b + 1)] = 0
        for a, b in leader.unavailable:
            off[max(0, a) : max(0, b + 1)] = 1
        np.cumsum(off, out=bad[i, 1:])
        if leader.completed:
            if leader.completed not in done_by:
                done_by[leader.completed] = [
                    k for k, entry in enumerate(entries) if not leader.completed.isdisjoint(entry)
                ]
            done[i, done_by[leader.completed]] = True
    pin_ptr, pin = flat([leader.pinned for leader in leaders])
    out_ptr, out = flat([leader.excluded for leader in leaders])
    gaps = [leader.gaps for leader in leaders]
    flat_gaps = [(gap, leader) for leader in leaders for gap in leader.gaps]
    likes = [leader.prefers_sessions for leader in leaders]
    place_likes = [leader.prefers_sites for leader in leaders]

    def limit(value: int | None) -> int:
        return NO_LIMIT if value is None else max(0, min(value, NO_LIMIT))

    arrays = LeaderArrays(
        branch=np.array([leader.branch for leader in leaders], np.int32),
        role=np.array([0 if leader.role is None else leader.role + 1 for leader in leaders], np.int32),
        place=np.array([places[leader.location] for leader in leaders], np.int32),
        heads=np.array([leader.headcount for leader in leaders], np.int64),
        max_sessions=np.array([limit(leader.max_sessions) for leader in leaders], np.int32),
        max_days=np.array([limit(leader.max_days) for leader in leaders], np.int32),
        max_trips=np.array([limit(leader.max_trips) for leader in leaders], np.int32),
        gap_ptr=pointers(map(len, gaps)),
        gap_skill=np.array([gap.skill for gap, _ in flat_gaps], np.int32),
        gap_level=np.array([gap.level for gap, _ in flat_gaps], np.int32),
        gap_points=np.array(
            [policy.weights.gap * leader.priority * gap.weight for gap, leader in flat_gaps], np.int64
        ),
        bad=bad,
        done=done,
        pin_ptr=pin_ptr,
        pin=pin,
        out_ptr=out_ptr,
        out=out,
        like_ptr=pointers(map(len, likes)),
        like_session=np.array([s for one in likes for s, _ in one], np.int32),
        like_points=np.array([v for one in likes for _, v in one], np.int64),
        place_ptr=pointers(map(len, place_likes)),
        place_site=np.array([p for one in place_likes for p, _ in one], np.int32),
        place_points=np.array([v for one in place_likes for _, v in one], np.int64),
        owed_ptr=owing.ptr,
        owed_row=owing.row,
        owed_missing=owing.missing,
        owed_points=owing.points,
        idle=np.array([instance.price_of_idleness(leader) for leader in leaders], np.int64),
        twice=np.array([too_many(instance, leader) for leader in leaders], np.int64).reshape(-1, 3),
    )
    return arrays, km, local
