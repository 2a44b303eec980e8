"""Whether stays go together, and what a set of them lacks: the rules of one leader across their stays."""

from __future__ import annotations

from cadreplan.engines.columns.compiled.arrays import I32, Compiled
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import inner


@inner
def clash(a: int, b: int, c: Compiled, stays: Stays) -> bool:
    """Whether two stays cannot be in one plan."""
    s_ = c.sessions
    at_home = stays.site[a] == c.local.shape[1]
    for p in range(stays.sess_ptr[a], stays.sess_ptr[a + 1]):
        for q in range(stays.sess_ptr[b], stays.sess_ptr[b + 1]):
            s, t = stays.sess[p], stays.sess[q]
            if s_.conflict[s, t] or (s_.link[s, t] and not at_home):
                return True
    return _falls_into(a, b, c, stays) or _falls_into(b, a, c, stays)


@inner
def _falls_into(a: int, b: int, c: Compiled, stays: Stays) -> bool:
    """Whether a day of stay b falls into a bridged stretch of stay a."""
    s_ = c.sessions
    for k in range(stays.idle_ptr[a], stays.idle_ptr[a + 1]):
        if stays.idle_broken[k]:
            continue
        for q in range(stays.sess_ptr[b], stays.sess_ptr[b + 1]):
            s = stays.sess[q]
            for d in range(s_.day_ptr[s], s_.day_ptr[s + 1]):
                if stays.idle_first[k] <= s_.day[d] <= stays.idle_last[k]:
                    return True
    return False


@inner
def standards(i: int, chosen: I32, n: int, c: Compiled, stays: Stays) -> bool:
    """Broken stretches and standards of a complete set of stays of leader i, what has begun among them."""
    s_, p_ = c.sessions, c.policies
    hours = core = methods = modules = 0
    later = False
    for a in range(n):
        j = chosen[a]
        for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
            s = stays.sess[q]
            hours += s_.hours[s]
            core += s_.core[s]
            methods |= s_.methods[s]
            modules += s_.n_modules[s]
            later = later or not s_.frozen[s]
        if stays.need[j] & 1:
            for k in range(stays.idle_ptr[j], stays.idle_ptr[j + 1]):
                if not stays.idle_broken[k]:
                    continue
                met = False
                for b in range(n):
                    if stays.site[chosen[b]] == stays.site[j]:
                        continue
                    for q2 in range(stays.sess_ptr[chosen[b]], stays.sess_ptr[chosen[b] + 1]):
                        t = stays.sess[q2]
                        for d in range(s_.day_ptr[t], s_.day_ptr[t + 1]):
                            met = met or stays.idle_first[k] <= s_.day[d] <= stays.idle_last[k]
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
def mixed(state: int, j: int, c: Compiled, stays: Stays) -> int:
    """The state of mixing (see `compiled.mixing`) that a plan in some state comes to with stay j."""
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        state = c.mixing.after[state, c.mixing.kind[stays.sess[q]]]
    return state


@inner
def missing(i: int, chosen: I32, n: int, c: Compiled, stays: Stays) -> bool:
    """Whether a prerequisite is not met."""
    s_, l_ = c.sessions, c.leaders
    for a in range(n):
        j = chosen[a]
        if not stays.need[j] & 1:
            continue
        for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
            s = stays.sess[q]
            for r in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                met = l_.done[i, s_.req[r]]
                for b in range(n):
                    if not met:
                        met = provides(chosen[b], s_.req[r], s_.first[s], c, stays)
                if not met:
                    return True
    return False


@inner
def provides(j: int, entry: int, before: int, c: Compiled, stays: Stays) -> bool:
    """Whether a stay has a session that meets an entry of what is required and is over before the day."""
    s_ = c.sessions
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        t = stays.sess[q]
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
def idle_in(i: int, chosen: I32, n: int, c: Compiled, stays: Stays, out: I32) -> int:
    """The sessions of a set of stays that are of no use to leader i in it, into `out`; how many."""
    size, some = 0, False
    for a in range(n):
        some = some or stays.need[chosen[a]] & 2 != 0
    if not some:
        return 0
    for a in range(n):
        for q in range(stays.sess_ptr[chosen[a]], stays.sess_ptr[chosen[a] + 1]):
            out[size] = stays.sess[q]
            size += 1
    return idle_ones(i, out, size, c)


@inner
def takes_up(i: int, j: int, idle: I32, n_idle: int, c: Compiled, stays: Stays) -> bool:
    """Whether stay j has a session that one of some idle sessions leads up to."""
    for q in range(stays.sess_ptr[j], stays.sess_ptr[j + 1]):
        for a in range(n_idle):
            if leads_up(i, idle[a], stays.sess[q], c):
                return True
    return False
