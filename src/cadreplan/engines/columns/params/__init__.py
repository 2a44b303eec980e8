"""The parameters of the search, in the open: what each is, in what unit, and where its value comes from.

An expert passes others (`cadreplan solve --params FILE.toml`, `solve(..., params=...)`). No value makes a
plan or a bound wrong: they say where time goes and when something is good enough. What kernels are compiled
with (widths of arrays, sizes of tables) is no parameter: docs/params.md lists it below those.

A *unit of work* is about a second of a core (`Budget`), *accuracy* is relative to the bound, a *unit of
price* about what a quarter of the best skill gap is worth (`RestrictedMaster.unit`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cadreplan.engines.columns.params.cluster import ClusterParams
from cadreplan.engines.columns.params.column_generation import (
    ChoicesParams,
    FirstDualsParams,
    MasterParams,
    PartialParams,
    PricingParams,
)
from cadreplan.engines.columns.params.heuristics import (
    DivingParams,
    EnumerationParams,
    LnsParams,
    TurnsParams,
)

__all__ = [
    "DEFAULTS",
    "ChoicesParams",
    "ClusterParams",
    "DivingParams",
    "EnumerationParams",
    "FirstDualsParams",
    "LnsParams",
    "MasterParams",
    "Params",
    "PartialParams",
    "PricingParams",
    "TurnsParams",
]


@dataclass(frozen=True)
class Params:
    """All parameters of the `columns` engine."""

    pricing: PricingParams = field(default_factory=PricingParams)
    duals: FirstDualsParams = field(default_factory=FirstDualsParams)
    master: MasterParams = field(default_factory=MasterParams)
    choices: ChoicesParams = field(default_factory=ChoicesParams)
    diving: DivingParams = field(default_factory=DivingParams)
    lns: LnsParams = field(default_factory=LnsParams)
    enumeration: EnumerationParams = field(default_factory=EnumerationParams)
    turns: TurnsParams = field(default_factory=TurnsParams)
    partial: PartialParams = field(default_factory=PartialParams)
    cluster: ClusterParams = field(default_factory=ClusterParams)


DEFAULTS = Params()
