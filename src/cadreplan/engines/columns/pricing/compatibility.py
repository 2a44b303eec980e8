"""Whether items go together, and what a set of them lacks: the rules of one leader across his items."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, Compiled
from cadreplan.engines.columns.pricing.stays import Items
from cadreplan.engines.jit import inner


@inner
def clash(a: int, b: int, c: Compiled, items: Items) -> bool:
    """Whether two items cannot be in one plan."""
    s_ = c.sessions
    at_home = items.site[a] == c.local.shape[1]
    for p in range(items.sess_ptr[a], items.sess_ptr[a + 1]):
        for q in range(items.sess_ptr[b], items.sess_ptr[b + 1]):
            s, t = items.sess[p], items.sess[q]
            if s_.conflict[s, t] or (s_.link[s, t] and not at_home):
                return True
    return _falls_into(a, b, c, items) or _falls_into(b, a, c, items)


@inner
def _falls_into(a: int, b: int, c: Compiled, items: Items) -> bool:
    """Whether a day of item b falls into a bridged stretch of item a."""
    s_ = c.sessions
    for k in range(items.idle_ptr[a], items.idle_ptr[a + 1]):
        if items.idle_broken[k]:
            continue
        for q in range(items.sess_ptr[b], items.sess_ptr[b + 1]):
            s = items.sess[q]
            for d in range(s_.day_ptr[s], s_.day_ptr[s + 1]):
                if items.idle_first[k] <= s_.day[d] <= items.idle_last[k]:
                    return True
    return False


@inner
def standards(i: int, chosen: I32, n: int, c: Compiled, items: Items) -> bool:
    """Broken stretches and standards of a complete set of items of leader i, what has begun among them."""
    s_, p_ = c.sessions, c.policies
    hours = core = methods = modules = 0
    later = False
    for a in range(n):
        j = chosen[a]
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            hours += s_.hours[s]
            core += s_.core[s]
            methods |= s_.methods[s]
            modules += s_.n_modules[s]
            later = later or not s_.frozen[s]
        if items.need[j] & 1:
            for k in range(items.idle_ptr[j], items.idle_ptr[j + 1]):
                if not items.idle_broken[k]:
                    continue
                met = False
                for b in range(n):
                    if items.site[chosen[b]] == items.site[j]:
                        continue
                    for q2 in range(items.sess_ptr[chosen[b]], items.sess_ptr[chosen[b] + 1]):
                        t = items.sess[q2]
                        for d in range(s_.day_ptr[t], s_.day_ptr[t + 1]):
                            met = met or items.idle_first[k] <= s_.day[d] <= items.idle_last[k]
                if not met:
                    return False
    if not later:
        return True
    hours, core = hours - c.leaders.twice[i, 0], core - c.leaders.twice[i, 1]
    modules -= int(c.leaders.twice[i, 2])
    if p_.core_den > 0 and core * p_.core_den < p_.core_num * hours:
        return False
    n_methods = 0
    while methods:
        methods &= methods - 1
        n_methods += 1
    return n_methods >= min(p_.min_methods, modules)


@inner
def mixed(state: int, j: int, c: Compiled, items: Items) -> int:
    """The state of mixing (see `mixing`) that a plan in some state comes to with item j."""
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        state = c.mixing.after[state, c.mixing.kind[items.sess[q]]]
    return state


@inner
def missing(i: int, chosen: I32, n: int, c: Compiled, items: Items) -> bool:
    """Whether a prerequisite is not met."""
    s_, l_ = c.sessions, c.leaders
    for a in range(n):
        j = chosen[a]
        if not items.need[j] & 1:
            continue
        for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
            s = items.sess[q]
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                met = l_.done[i, s_.req[r]]
                for b in range(n):
                    if not met:
                        met = provides(chosen[b], s_.req[r], s_.first[s], c, items)
                if not met:
                    return True
    return False


@inner
def provides(j: int, entry: int, before: int, c: Compiled, items: Items) -> bool:
    """Whether an item has a session that meets an entry of what is required and is over before the day."""
    s_ = c.sessions
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        t = items.sess[q]
        if s_.last[t] < before and s_.holds[t, entry]:
            return True
    return False


@inner
def of_use(i: int, s: int, c: Compiled) -> bool:
    """Whether a session closes a skill gap of leader i, or is pinned: useful whatever else is attended."""
    s_, l_ = c.sessions, c.leaders
    for g in range(l_.gap_ptr[i], l_.gap_ptr[i + 1]):
        if s_.level[s, l_.gap_skill[g]] >= l_.gap_level[g]:
            return True
    pinned = False
    for k in range(l_.pin_ptr[i], l_.pin_ptr[i + 1]):
        pinned = pinned or l_.pin[k] == s
    return pinned


@inner
def leads_up(i: int, t: int, s: int, c: Compiled) -> bool:
    """Whether session t meets something that session s requires of leader i, in time."""
    s_ = c.sessions
    if s_.last[t] >= s_.first[s]:
        return False
    for k in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
        if s_.holds[t, s_.req[k]] and not c.leaders.done[i, s_.req[k]]:
            return True
    return False


@inner
def idle_ones(i: int, sessions: I32, n: int, c: Compiled) -> int:
    """How many of n sessions are of no use to leader i with no others beside them; these are put first."""
    idle = 0
    for a in range(n):
        if not of_use(i, sessions[a], c):
            sessions[idle], sessions[a] = sessions[a], sessions[idle]
            idle += 1
    found = idle > 0
    while found:
        found = False
        for a in range(idle - 1, -1, -1):
            for b in range(idle, n):
                if leads_up(i, sessions[a], sessions[b], c):
                    idle -= 1
                    sessions[idle], sessions[a] = sessions[a], sessions[idle]
                    found = True
                    break
    return idle


@inner
def idle_in(i: int, chosen: I32, n: int, c: Compiled, items: Items, out: I32) -> int:
    """The sessions of a set of items that are of no use to leader i in it, into `out`; how many."""
    size, some = 0, False
    for a in range(n):
        some = some or items.need[chosen[a]] & 2 != 0
    if not some:
        return 0
    for a in range(n):
        for q in range(items.sess_ptr[chosen[a]], items.sess_ptr[chosen[a] + 1]):
            out[size] = items.sess[q]
            size += 1
    return idle_ones(i, out, size, c)


@inner
def takes_up(i: int, j: int, idle: I32, n_idle: int, c: Compiled, items: Items) -> bool:
    """Whether item j has a session that one of some idle sessions leads up to."""
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        for a in range(n_idle):
            if leads_up(i, idle[a], items.sess[q], c):
                return True
    return False
