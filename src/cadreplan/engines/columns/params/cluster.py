"""Parameters of shards that lie on the workers of a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.engines.columns.params.parameter import Group, parameter

_25 = "decision 25"


@dataclass(frozen=True)
class ClusterParams(Group):
    """What goes to the workers of a cluster, and in what pieces. Without one they say nothing."""

    priced_here: int = parameter(
        500, "leaders below which the client prices them itself: asking takes longer", unit="leaders"
    )
    many_leaders: int = parameter(
        8_000,
        "leaders from which on the client doesn't list all their stays, and workers place them in lots",
        unit="leaders",
        least=1,
        source=_25,
    )
    shard: int = parameter(250, "leaders of a shard where they are fewer", unit="leaders", least=1)
    placed_here: int = parameter(
        1_000, "leaders that the client places itself, at most, where they are many", unit="leaders", least=1
    )
    large_shard: int = parameter(
        1_000, "leaders of a shard, at least, where they are many", unit="leaders", least=1, source=_25
    )
    most_shards: int = parameter(
        100,
        "shards, where that doesn't make them smaller: each that is asked takes some milliseconds",
        unit="shards",
        least=1,
    )
    side_by_side: int = parameter(
        16,
        "lots that work at a time: more keep more workers busy, and each has a smaller share of what is left",
        unit="lots",
        least=1,
        source=_25,
    )
    columns: int = parameter(
        3,
        "columns a leader, near the best at the prices of all, with which a block of a lot begins",
        unit="columns a leader",
        least=1,
    )
