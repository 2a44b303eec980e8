"""One class divided by another program, in an environment of its own: what it needs may not go with ours.

`PYTHON peer.py team-formation|anti-clustering < class.json > groups.json`. The class has `values` (person by
person, tag by tag), `weights` by tag, `least` and `most` people in a group, `groups`, `seconds` and `seed`.
Written is the group of each person, or null where there was none in time. It imports nothing of ours.
"""

# mypy: ignore-errors
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import sys


def team_formation(given):
    """CP-SAT with a Boolean for each person and team: shares of every value as in the whole class."""
    import pandas
    from team_formation.team_assignment import TeamAssignment

    tags = range(len(given["weights"]))
    people = pandas.DataFrame(
        [[i, *map(str, own)] for i, own in enumerate(given["values"])],
        columns=["id", *(f"t{t}" for t in tags)],
    )
    wanted = pandas.DataFrame(
        [[f"t{t}", "diversify", given["weights"][t]] for t in tags], columns=["attribute", "type", "weight"]
    )
    # sizes are the target or one less, so as few teams as hold everybody
    task = TeamAssignment(people, wanted, given["most"])
    task.solve(max_time_in_seconds=given["seconds"])
    if "team_num" not in task.participants:
        return None
    return [int(g) for g in task.participants.sort_values("id")["team_num"]]


def anti_clustering(given):
    """Simulated annealing for distances (tags in which two people differ) within groups of one size."""
    import pandas
    from anti_clustering import SimulatedAnnealingHeuristicAntiClustering

    # a tag that counts twice stands there twice
    columns = [t for t, weight in enumerate(given["weights"]) for _ in range(weight)]
    people = pandas.DataFrame([[own[t] for t in columns] for own in given["values"]])
    people.columns = [f"t{c}" for c in range(len(columns))]
    done = SimulatedAnnealingHeuristicAntiClustering(random_seed=given["seed"]).run(
        people, [], list(people.columns), given["groups"], "group"
    )
    return [int(g) for g in done["group"]]


if __name__ == "__main__":
    run = {"team-formation": team_formation, "anti-clustering": anti_clustering}[sys.argv[1]]
    words, sys.stdout = sys.stdout, sys.stderr  # they print
    json.dump(run(json.load(sys.stdin)), words)
