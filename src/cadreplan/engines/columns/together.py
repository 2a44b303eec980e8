"""Whether items go together, and what a set of them lacks: the rules of one leader across his items."""

from __future__ import annotations

from cadreplan.engines.columns.arrays import I32, Compiled
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import kernel


@kernel
def clash(a: int, b: int, c: Compiled, items: Items) -> bool:
    """Whether two items cannot be in one plan."""
    s_ = c.sessions
    for p in range(items.sess_ptr[a], items.sess_ptr[a + 1]):
        for q in range(items.sess_ptr[b], items.sess_ptr[b + 1]):
            if s_.conflict[items.sess[p], items.sess[q]] or s_.link[items.sess[p], items.sess[q]]:
                return True
    return _falls_into(a, b, c, items) or _falls_into(b, a, c, items)


@kernel
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


@kernel
def standards(chosen: I32, n: int, c: Compiled, items: Items) -> bool:
    """Broken stretches and standards of a complete set of items."""
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
        if items.need[j]:
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
    if p_.core_den > 0 and core * p_.core_den < p_.core_num * hours:
        return False
    n_methods = 0
    while methods:
        methods &= methods - 1
        n_methods += 1
    return n_methods >= min(p_.min_methods, modules)


@kernel
def missing(i: int, chosen: I32, n: int, c: Compiled, items: Items) -> bool:
    """Whether a prerequisite is not met."""
    s_, l_ = c.sessions, c.leaders
    for a in range(n):
        j = chosen[a]
        if not items.need[j]:
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


@kernel
def provides(j: int, module: int, before: int, c: Compiled, items: Items) -> bool:
    """Whether an item has a session with the module that is over before the day."""
    s_ = c.sessions
    for q in range(items.sess_ptr[j], items.sess_ptr[j + 1]):
        t = items.sess[q]
        if s_.last[t] < before:
            for m in range(s_.mod_ptr[t], s_.mod_ptr[t + 1]):
                if s_.mod[m] == module:
                    return True
    return False
