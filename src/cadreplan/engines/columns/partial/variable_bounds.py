"""Variable upper bounds: nobody attends more of a candidate than of it runs.

In the linear programme a candidate may run by a tenth, and the tenth of its seats goes to the one leader whom
just this class suits best. That no leader attends more than a tenth of it either, for every pair, is most of
what the programme lacks (the constraints  x_is <= y_s  of facility location, surveyed by Krarup and Pruzan
1983). To say it, every leader gets a branch of their own below theirs, and candidates a
quota of one leader for each of these branches: people, rules and worth of all plans stay what they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cadreplan.engines.candidates import Alone
from cadreplan.instance import Instance


def with_variable_bounds(instance: Instance) -> Instance:
    """The instance with a branch for every leader, and with quotas for them of the candidates."""
    alone = Alone(instance)
    candidate = np.array([session.candidate for session in instance.sessions], np.bool_)
    branches, leaders = list(instance.branches), []
    quotas = [list(session.quotas) for session in instance.sessions]
    for leader in instance.leaders:
        own, above = len(branches), branches[leader.branch]
        for s in np.flatnonzero(alone.sessions(leader) & candidate):
            quotas[s].append((own, leader.headcount))
        branches.append(replace(above, parent=leader.branch, max_away=None))
        leaders.append(replace(leader, branch=own))
    sessions = tuple(
        replace(session, quotas=tuple(own)) for session, own in zip(instance.sessions, quotas, strict=True)
    )
    return replace(instance, branches=tuple(branches), leaders=tuple(leaders), sessions=sessions)
