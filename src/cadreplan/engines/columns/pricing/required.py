"""What has to come before a session, all the way down: prerequisites, theirs, and so on.

A session that requires a module whose sessions all require another one requires that one as well, in time:
who provides it is over before. So of each session of a leader it is known which entries *must* have been met
by others before, as a bit set: those it requires and, for each, what all that could meet it have in common.
A chain that is longer than the sessions a leader may have is thus seen before any search, and completion
bounds that know only some of the modules still know of those at the end of the chain.
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Bools, Compiled
from cadreplan.engines.jit import inner

MOST = 62
"""Entries of one leader that bits are kept for; of others only what is required directly counts."""


def working(compiled: Compiled) -> tuple[I64, I32, Bools]:
    """Memory for `close_over`: (M,) bits of what must be met, (entries,) their bits, (M,) who takes part."""
    n_sessions, n_entries = compiled.sessions.holds.shape
    return np.zeros(n_sessions, np.int64), np.zeros(n_entries, np.int32), np.zeros(n_sessions, np.bool_)


@inner
def number_entries(i: int, sessions: I32, n: int, c: Compiled, bit: I32) -> int:
    """Give bits to the entries that n sessions require and leader i lacks, in `bit` (-1: none); how many."""
    s_ = c.sessions
    bit[:] = -1
    bits = 0
    for a in range(n):
        for k in range(s_.req_ptr[sessions[a]], s_.req_ptr[sessions[a] + 1]):
            entry = s_.req[k]
            if bit[entry] < 0 and bits < MOST and not c.leaders.done[i, entry]:
                bit[entry] = bits
                bits += 1
    return bits


@inner
def close_over(i: int, sessions: I32, n: int, inside: Bools, bit: I32, c: Compiled, must: I64) -> None:
    """What must come before each of n sessions if only those `inside` can be attended, into `must`."""
    s_ = c.sessions
    for a in range(n):
        must[sessions[a]] = 0
    changed = True
    while changed:
        changed = False
        for a in range(n):
            s = sessions[a]
            before = 0
            for k in range(s_.req_ptr[s], s_.req_ptr[s + 1]):
                if c.leaders.done[i, s_.req[k]]:
                    continue
                common, met = -1, False
                for q in range(s_.give_ptr[k], s_.give_ptr[k + 1]):
                    if inside[s_.give[q]]:
                        common &= must[s_.give[q]]
                        met = True
                if met:
                    before |= common
                if bit[s_.req[k]] >= 0:
                    before |= 1 << bit[s_.req[k]]
            if before != must[s]:
                must[s] = before
                changed = True


@inner
def at_once(sessions: I32, n: int, c: Compiled, bit: I32) -> int:
    """Most entries with bits that one of n sessions meets, at least 1."""
    most = 1
    for a in range(n):
        together = 0
        for entry in range(len(bit)):
            if bit[entry] >= 0 and c.sessions.holds[sessions[a], entry]:
                together += 1
        most = max(most, together)
    return most


@inner
def n_of(bits: int) -> int:
    """How many bits are set."""
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count
