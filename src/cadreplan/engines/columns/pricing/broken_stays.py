"""The stays that one linked set of sessions makes: one for each choice of idle stretches that are broken."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, I64, Compiled
from cadreplan.engines.columns.pricing.compatibility import idle_ones
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner


@inner
def emit(
    i: int,
    fill: bool,
    c: Compiled,
    eligible: I32,
    n: int,
    masks: I64,
    chosen: I32,
    size: int,
    at: I64,
    stays: Stays,
    level: I32,
    own: I32,
    runs: I32,
) -> None:
    """Write (or count) the variants of one set of sessions within dates and limits.

    Where the leader sleeps at home there is one, a trip for each run of the session's days.

    `own` and the three rows of `runs` are working memory, by session and by run of the set.
    """
    s_, l_, p_ = c.sessions, c.leaders, c.policies
    site = s_.site[eligible[chosen[0]]]
    at_home = c.local[l_.place[i], site]
    mask = 0
    n_runs = 0
    for k in range(size):
        mask |= masks[chosen[k]]
        s = eligible[chosen[k]]
        n_runs += s_.run_ptr[s + 1] - s_.run_ptr[s]
    first, last, kind = runs[0], runs[1], runs[2]
    r = 0
    for k in range(size):
        s = eligible[chosen[k]]
        for q in range(s_.run_ptr[s], s_.run_ptr[s + 1]):
            a = r
            while a > 0 and first[a - 1] > s_.run_first[q]:
                first[a] = first[a - 1]
                last[a] = last[a - 1]
                a -= 1
            first[a] = s_.run_first[q]
            last[a] = s_.run_last[q]
            r += 1
    # stretch k lies before run k: 0 none (a new trip), 1 bridged for good, 2 may be broken, 3 must be broken
    n_open = 0
    for k in range(1, n_runs):
        kind[k] = 0
        idle = first[k] - last[k - 1] - 1
        if idle == 0:
            kind[k] = 1
        elif idle <= p_.stay_gap and not at_home:
            allowed = l_.bad[i, first[k]] == l_.bad[i, last[k - 1] + 1]
            kind[k] = 1
            if idle >= 2 * p_.transfer_days + 1 and _breakable(
                c, eligible, n, chosen, size, last[k - 1], first[k]
            ):
                kind[k] = 2 if allowed else 3
                n_open += 1 if allowed else 0
            elif not allowed:
                return
    if n_open > 8:
        level[i] |= 4
    for variant in range(1 << min(n_open, 8)):
        trips, days, seen, stretches = 1, last[n_runs - 1] - first[0] + 1, 0, 0
        for k in range(1, n_runs):
            idle = first[k] - last[k - 1] - 1
            broken = kind[k] == 3
            if kind[k] == 2:
                broken = (variant >> min(seen, 62)) & 1 == 1
                seen += 1
            if kind[k] == 0 or broken:
                trips += 1
                days -= idle
            if kind[k] > 0 and idle > 0:
                stretches += 1
        counted = 0 if at_home else trips
        if counted > l_.max_trips[i] or days > l_.max_days[i]:
            continue
        if not fill:
            at[0] += 1
            at[1] += size
            at[2] += trips
            at[3] += stretches
            continue
        j = at[0]
        at[0] += 1
        stays.mask[j] = mask
        stays.days[j] = days
        stays.site[j] = c.local.shape[1] if at_home else site
        stays.trips[j] = counted
        stays.sess_ptr[j] = at[1]
        stays.trip_ptr[j] = at[2]
        stays.idle_ptr[j] = at[3]
        points = -p_.km * c.km[l_.place[i], site] * (days if at_home else trips) - p_.day * days
        need = False
        for k in range(size):
            own[k] = eligible[chosen[k]]
        useless = idle_ones(i, own, size, c) > 0
        for k in range(size):
            s = eligible[chosen[k]]
            stays.sess[at[1]] = s
            at[1] += 1
            for q in range(l_.like_ptr[i], l_.like_ptr[i + 1]):
                if l_.like_session[q] == s:
                    points += l_.like_points[q]
            for q in range(l_.place_ptr[i], l_.place_ptr[i + 1]):
                if l_.place_site[q] == site:
                    points += l_.place_points[q]
            for q in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                met = l_.done[i, s_.req[q]]
                for k2 in range(size):
                    t = eligible[chosen[k2]]
                    met = met or (s_.last[t] < s_.first[s] and s_.holds[t, s_.req[q]])
                need = need or not met
        stays.points[j] = points
        begin, seen = first[0], 0
        for k in range(1, n_runs + 1):
            ends = k == n_runs
            if not ends:
                idle = first[k] - last[k - 1] - 1
                broken = kind[k] == 3
                if kind[k] == 2:
                    broken = (variant >> min(seen, 62)) & 1 == 1
                    seen += 1
                if kind[k] > 0 and idle > 0:
                    stays.idle_first[at[3]] = last[k - 1] + 1
                    stays.idle_last[at[3]] = first[k] - 1
                    stays.idle_broken[at[3]] = 1 if broken else 0
                    at[3] += 1
                    need = need or broken
                ends = kind[k] == 0 or broken
            if ends:
                stays.trip_first[at[2]] = begin
                stays.trip_last[at[2]] = last[k - 1]
                at[2] += 1
                if k < n_runs:
                    begin = first[k]
        stays.need[j] = (1 if need else 0) | (2 if useless else 0)


@inner
def _breakable(c: Compiled, eligible: I32, n: int, chosen: I32, size: int, before: int, after: int) -> bool:
    """Whether an eligible session elsewhere goes with the set and has a day between the two days."""
    s_ = c.sessions
    site = s_.site[eligible[chosen[0]]]
    for u in range(n):
        t = eligible[u]
        if s_.site[t] == site:
            continue
        inside = False
        for k in range(s_.day_ptr[t], s_.day_ptr[t + 1]):
            inside = inside or before < s_.day[k] < after
        for k in range(size):
            inside = inside and not s_.conflict[t, eligible[chosen[k]]]
        if inside:
            return True
    return False
