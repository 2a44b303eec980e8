"""The search for one leader: the best set of stays at given costs, exactly.

Stays are chosen in the order of time, by the first day of each. A node's bound comes from a table that knows
the skill gaps still open, sessions and trips left, and some modules given so far,

    f(day, left) = max( f(next day, left),  max over stays that begin on the day:
                        points(stay and left) - cost(stay) + f(first day after its first trip, left - stay) )

so that nearly all of what makes stays clash is in it, prerequisites with their order, and the methods that a
plan has to mix (`compiled.mixing`). After a stay its site is closed for as long as one more stay there would
be linked with it. A skill gap that only sessions close which all clash is not closed twice. What the table
forgets are later trips of one stay, days away where it is small, the share of the main course, all but some
modules, and that stepping stones have to lead somewhere.

A set that fails a standard is tried with stays that close nothing more, and one with an idle stepping stone
with those of them that it leads up to. What is left out of a set so far costs something and is of no use but
for that, so that it may be added in any order: the set is worth no less before. A stay that brings a method
that is wanted is taken in its turn, like one that closes a skill gap.
"""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, MAX_SESSIONS, Compiled
from cadreplan.engines.columns.pricing.compatibility import (
    clash,
    idle_in,
    missing,
    mixed,
    standards,
    takes_up,
)
from cadreplan.engines.columns.pricing.completion_bounds import (
    BOUND,
    CHOSEN,
    DAYS,
    FREE,
    GIVEN,
    LEFT,
    MIXED,
    NEVER,
    SESSIONS,
    STATE,
    TRIPS,
    TURN,
    WORTH,
    Scratch,
    completion_bound,
    fill_completion_bounds,
    fill_credit,
    fill_worth,
    note_alike,
    note_closed,
    points,
)
from cadreplan.engines.columns.pricing.owed import earned, have_of, owed_without, still_owed
from cadreplan.engines.columns.pricing.reduced_cost_fixing import fix_stays
from cadreplan.engines.columns.pricing.stays import ALIKE, ALIKE_ELSEWHERE, FOLLOWED, Stays
from cadreplan.engines.columns.pricing.table_shape import BARE, HUGE, LARGE, MIDDLING, SMALL, shape_of
from cadreplan.engines.jit import inner

_FIRST, _FEW, _ENOUGH, _PLENTY = 40, 250, 500, 5_000
"""Nodes after which a small table is filled, a middling one, a large one, and a huge one."""
_LIGHT = 4
"""Nodes of the first search that count for one: hardly anything was filled for them."""


@inner
def _record(value: int, chosen: I32, n: int, w: Scratch) -> None:
    """Keep the set if it is among the best and new."""
    code = 0
    for a in range(n):
        x = (int(chosen[a] + 1) * 0x2C1B3C6D) & 0xFFFFFFFF  # what overflows is no number to the interpreter
        code += ((x ^ (x >> 15)) * 0x297A2D39) & 0xFFFFFFFF
    wanted = len(w.found_value)
    for r in range(wanted):
        if w.found_value[r] == value and w.found_hash[r] == code:
            return
    r = wanted - 1
    if value <= w.found_value[r]:
        return
    while r > 0 and w.found_value[r - 1] < value:
        w.found_value[r] = w.found_value[r - 1]
        w.found_hash[r] = w.found_hash[r - 1]
        w.found_n[r] = w.found_n[r - 1]
        for a in range(w.found_n[r]):
            w.found[r, a] = w.found[r - 1, a]
        r -= 1
    w.found_value[r] = value
    w.found_hash[r] = code
    w.found_n[r] = n
    for a in range(n):
        w.found[r, a] = chosen[a]


@inner
def search(
    i: int, c: Compiled, stays: Stays, scale: int, node_limit: int, least: int, w: Scratch
) -> tuple[int, int, bool]:
    """Best sets for leader i at `w.cost` (by stay, scaled; `-NEVER` blocked) into `w.found_*`.

    Returns an upper bound on the worth of any set (NEVER: there is none), which is the best set's worth
    where the search ended within `node_limit`, the number of nodes, and whether it was cut short. Where a
    small table leads nowhere, a large one is filled, and then a huge one. Only sets worth more than `least`
    (NEVER: all) are looked for; from `least` on sets with stays that are `w.useful` count as well. From the
    second table on stays are blocked that no better set can hold.
    """
    top, nodes, cut = search_within(i, c, stays, scale, BARE, min(node_limit, _FIRST), least, False, w)
    nodes = -(-nodes // _LIGHT)
    few = _ENOUGH if _are_chained(i, stays, w) else _FEW
    before = _FIRST
    for size, most in ((SMALL, few), (MIDDLING, _ENOUGH), (LARGE, _PLENTY), (HUGE, node_limit)):
        limit = min(node_limit, most)
        if cut and limit > before:
            fix_by_found(i, c, stays, scale, w)
            upper, more, cut = search_within(i, c, stays, scale, size, limit, least, True, w)
            top, nodes, before = min(top, upper), nodes + more, limit
    return top, nodes, cut


@inner
def fix_by_found(i: int, c: Compiled, stays: Stays, scale: int, w: Scratch) -> None:
    """Block stays that are in no set worth more than the last of those found."""
    without = -scale * owed_without(i, c)
    if c.leaders.owed_ptr[i] < c.leaders.owed_ptr[i + 1]:
        have_of(i, w.chosen, 0, c, stays, w.have)
        without += scale * still_owed(i, w.have, w.summed, c)
    fix_stays(i, scale, without, w.found_value[len(w.found_value) - 1], c, stays, w)


@inner
def _first_from(day: int, low: int, i: int, stays: Stays) -> int:
    """The first place in turn, from `low` on, of one of leader i's stays that begins on `day` or later."""
    m, i0 = stays.timing, stays.ptr[i]
    high = stays.ptr[i + 1] - i0
    while low < high:
        middle = (low + high) // 2
        if m.begin[i0 + m.turn[i0 + middle]] < day:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _are_chained(i: int, stays: Stays, w: Scratch) -> bool:
    """Whether most stays of leader i lack a module that another has to give."""
    lacking = 0
    for j in range(stays.ptr[i], stays.ptr[i + 1]):
        if w.cost[j - stays.ptr[i]] < -NEVER:
            lacking += 1 if stays.timing.lacks[j] else -1
    return lacking > 0


@inner
def search_within(
    i: int,
    c: Compiled,
    stays: Stays,
    scale: int,
    size: int,
    node_limit: int,
    least: int,
    further: bool,
    w: Scratch,
) -> tuple[int, int, bool]:
    """As `search`, with a table of at most `size` entries; `further` keeps the sets found before."""
    l_ = c.leaders
    owes = l_.owed_ptr[i] < l_.owed_ptr[i + 1]
    m = stays.timing
    i0, i1 = stays.ptr[i], stays.ptr[i + 1]
    n_stays = i1 - i0
    n_bits = stays.bit_ptr[i + 1] - stays.bit_ptr[i]
    forced = (1 << stays.n_pins[i]) - 1
    k_max, t_max, d_max = int(l_.max_sessions[i]), int(l_.max_trips[i]), int(l_.max_days[i])
    wanted = len(w.found_value)
    if not further:
        for x in range(wanted):
            w.found_value[x] = least
            w.found_hash[x] = w.found_n[x] = 0
    lacked = given = twice = 0
    for a in range(n_stays):
        if w.cost[a] < -NEVER:
            lacked |= m.lacks[i0 + a]
            twice |= given & m.gives[i0 + a]
            given |= m.gives[i0 + a]
    fill_worth(i, scale, stays, w)
    if owes:
        fill_credit(i, scale, c, stays, w)
    closed = note_closed(i, stays, w)
    y = shape_of(
        i,
        k_max,
        t_max,
        d_max,
        lacked,
        lacked | (twice & m.single[i]),
        _are_chained(i, stays, w),
        closed,
        size,
        c,
        stays,
    )
    note_alike(i, ALIKE if y.closed else ALIKE_ELSEWHERE, c, stays, w)
    fill_completion_bounds(i, k_max, t_max, d_max, n_bits, scale, y, c, stays, w)
    everything, once = (1 << n_bits) - 1, stays.once[i]
    floor, idle_cost = -scale * owed_without(i, c), scale * l_.idle[i]
    gain = summed = still = 0
    if owes:
        still = scale * still_owed(i, w.have, w.summed, c)
    top = floor + still + completion_bound(0, everything, k_max, t_max, d_max, 0, 0, y, w)
    if top < NEVER // 2:
        return w.found_value[0] if further else NEVER, 0, False
    if forced == 0 and not further:
        w.found_value[0] = max(least, floor - idle_cost)
    nodes = 0
    clipped = stays.cut[i] != 0
    depth = 0
    st = w.state
    st[0, LEFT], st[0, WORTH], st[0, SESSIONS], st[0, TRIPS] = everything, floor, k_max, t_max
    st[0, DAYS], st[0, CHOSEN], st[0, TURN], st[0, GIVEN] = d_max, 0, 0, 0
    st[0, FREE], st[0, BOUND], st[0, MIXED] = -1, top, 0
    fresh = True
    while depth >= 0:
        left, worth, n, there, free = (
            st[depth, LEFT],
            st[depth, WORTH],
            st[depth, CHOSEN],
            st[depth, GIVEN],
            st[depth, FREE],
        )
        state = st[depth, MIXED]
        held = c.mixing.methods[state]
        if fresh:
            fresh = False
            nodes += 1
            if nodes > node_limit:
                break
            w.cand_n[depth] = 0
            if owes:
                have_of(i, w.chosen, n, c, stays, w.have)
                still = scale * still_owed(i, w.have, w.summed, c)
            threshold = w.found_value[wanted - 1]
            good, idle = True, 0
            if worth > threshold and not left & forced and not missing(i, w.chosen, n, c, stays):
                idle = idle_in(i, w.chosen, n, c, stays, w.idle)
                good = idle == 0 and standards(i, w.chosen, n, c, stays)
                if good:
                    value = worth if n > 0 else worth - idle_cost
                    _record(value, w.chosen, n, w)
                    threshold = w.found_value[wanted - 1]
            x = st[depth, TURN]
            while free < 0 and x < n_stays:
                first, x = x, w.until[x]
                j = i0 + m.turn[i0 + first]
                mask, gives = stays.mask[j], m.gives[j]
                if w.least[first] >= -NEVER or m.lacks[j] & ~there or mask & once & ~left:
                    continue
                if gives & there & m.single[i]:
                    continue
                size = stays.sess_ptr[j + 1] - stays.sess_ptr[j]
                trips = stays.trips[j]
                if size > st[depth, SESSIONS] or trips > st[depth, TRIPS]:
                    continue
                if w.shortest[first] > st[depth, DAYS]:
                    continue
                after = mixed(state, j, c, stays) if held >= 0 else state
                leads_on = (
                    mask & left != 0
                    or gives & ((lacked & ~there) | (1 << FOLLOWED)) != 0
                    or (held >= 0 and c.mixing.methods[after] != held)
                )
                value = (
                    worth
                    + points(mask & left, i, n_bits, scale, stays, w)
                    + still
                    + completion_bound(
                        w.then[first],
                        left & ~mask,
                        st[depth, SESSIONS] - size,
                        st[depth, TRIPS] - trips,
                        st[depth, DAYS] - w.shortest[first],
                        there | gives,
                        after,
                        y,
                        w,
                    )
                )
                if not owes and value - w.least[first] <= threshold:
                    continue
                for z in range(first, x):
                    a = m.turn[i0 + z]
                    cost = w.cost[a]
                    if cost >= -NEVER or stays.days[i0 + a] > st[depth, DAYS]:
                        continue
                    if owes:
                        gain, summed = earned(i, i0 + a, w.have, w.summed, c, stays)
                    if not leads_on and cost >= scale * gain and not (least > NEVER and w.useful[a]):
                        continue
                    promise = value - cost + scale * summed
                    if promise > threshold:
                        w.cand[depth, w.cand_n[depth]] = a
                        w.score[depth, w.cand_n[depth]] = promise
                        w.cand_n[depth] += 1
            if not good:
                for a in range(0 if idle > 0 else max(0, free), n_stays):
                    j = i0 + a
                    if w.cost[a] >= -NEVER or stays.mask[j] & left:
                        continue
                    if owes:
                        gain, summed = earned(i, j, w.have, w.summed, c, stays)
                    after = worth - w.cost[a] + scale * gain
                    if after <= threshold:
                        continue
                    size = stays.sess_ptr[j + 1] - stays.sess_ptr[j]
                    trips = stays.trips[j]
                    if (
                        size > st[depth, SESSIONS]
                        or trips > st[depth, TRIPS]
                        or stays.days[j] > st[depth, DAYS]
                    ):
                        continue
                    if idle > 0 and not takes_up(i, j, w.idle, idle, c, stays):
                        continue
                    w.cand[depth, w.cand_n[depth]] = (2 if idle > 0 else 1) * n_stays + a
                    w.score[depth, w.cand_n[depth]] = after
                    w.cand_n[depth] += 1
        # the best candidate that goes with what is chosen
        best = -1
        for x in range(w.cand_n[depth]):
            if best < 0 or w.score[depth, x] > w.score[depth, best]:
                best = x
        if best < 0 or w.score[depth, best] <= w.found_value[wanted - 1]:
            depth -= 1
            continue
        code, score = int(w.cand[depth, best]), w.score[depth, best]
        w.cand_n[depth] -= 1
        w.cand[depth, best] = w.cand[depth, w.cand_n[depth]]
        w.score[depth, best] = w.score[depth, w.cand_n[depth]]
        a = code % n_stays
        j = i0 + a
        bad = False
        for x in range(n):
            if w.chosen[x] == j or clash(j, w.chosen[x], c, stays):
                bad = True
                break
        if bad:
            continue
        size = stays.sess_ptr[j + 1] - stays.sess_ptr[j]
        if k_max - st[depth, SESSIONS] + size > MAX_SESSIONS:
            clipped = True
            continue
        mask = stays.mask[j]
        if owes:
            have_of(i, w.chosen, n, c, stays, w.have)
            gain, summed = earned(i, j, w.have, w.summed, c, stays)
        w.chosen[n] = j
        for x in range(STATE):
            st[depth + 1, x] = st[depth, x]
        st[depth + 1, MIXED] = mixed(state, j, c, stays)
        st[depth + 1, LEFT] = left & ~mask
        st[depth + 1, WORTH] = worth + points(mask & left, i, n_bits, scale, stays, w) - w.cost[a]
        st[depth + 1, WORTH] += scale * gain
        st[depth + 1, SESSIONS] -= size
        st[depth + 1, TRIPS] -= stays.trips[j]
        st[depth + 1, DAYS] -= stays.days[j]
        st[depth + 1, CHOSEN] = n + 1
        st[depth + 1, GIVEN] = there | m.gives[j]
        st[depth + 1, BOUND] = score
        if code < n_stays:
            st[depth + 1, TURN] = _first_from(m.after[j], st[depth, TURN], i, stays)
        else:
            st[depth + 1, FREE] = a + 1 if code < 2 * n_stays else max(0, free)
        depth += 1
        fresh = True
    if clipped:
        return max(top, w.found_value[0]), nodes, least > NEVER
    upper = w.found_value[0]
    if depth >= 0:  # cut short: what was not looked at
        upper = max(upper, st[depth, BOUND])
        for d in range(depth):
            for x in range(w.cand_n[d]):
                upper = max(upper, min(w.score[d, x], st[d, BOUND]))
    return upper, nodes, depth >= 0
