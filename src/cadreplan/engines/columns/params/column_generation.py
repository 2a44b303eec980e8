"""Parameters of bounds: pricing, first duals, the master, choices, and parts of the candidates."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.engines.columns.params.parameter import Group, parameter, share

_30 = "decision 30"
_19 = "decision 19"
_18 = "decision 18"
_PAGE = "docs/columns.md"


@dataclass(frozen=True)
class PricingParams(Group):
    """How long a leader's best columns are searched for."""

    heuristic_nodes: int = parameter(
        300,
        "length of a search in the heuristic stage, while prices still move",
        unit="nodes a leader",
        least=1,
        source=_PAGE,
    )
    longer_nodes: int = parameter(
        5_000,
        "length of a search in the stage between; more fill the largest tables",
        unit="nodes a leader",
        least=1,
        source=_19,
    )
    exact_nodes: int = parameter(
        100_000, "length of a search in the exact stage", unit="nodes a leader", least=1, source=_19
    )
    again_nodes: int = parameter(
        4_000_000,
        "all second searches of leaders whose exact one was cut short; or what the pass took",
        unit="nodes",
    )
    longest_nodes: int = parameter(
        2_000_000, "length of one of these second searches", unit="nodes a leader", least=1, source=_30
    )
    pinned_nodes: int = parameter(
        2_000_000, "length of the search for a pinned leader's first column", unit="nodes a leader", least=1
    )
    placing_nodes: int = parameter(
        4_000,
        "length of a search for a leader who is placed again within what others leave",
        unit="nodes a leader",
        least=1,
    )
    many_cut: float = share(
        0.1, "leaders whose searches were cut short from which on the stage between is worth its rounds"
    )

    def __post_init__(self) -> None:
        """Check every field, and that stages grow longer."""
        super().__post_init__()
        self.ordered("heuristic_nodes", "longer_nodes", "exact_nodes")


@dataclass(frozen=True)
class FirstDualsParams(Group):
    """Duals before the first linear programme: subgradient steps, or a sample of thousands of leaders."""

    passes: int = parameter(
        15, "subgradient steps, a pricing pass each", unit="passes", least=1, source=_PAGE
    )
    step: float = parameter(
        0.5,
        "the first step of a limit's dual",
        unit="units of price",
        source="docs/families.md: of 0.3 to 1 the best on most",
    )
    momentum: float = share(0.7, "part of the last direction in the next one")
    most_excess: float = parameter(
        3.0, "excess beyond which more of it makes no longer step", unit="share of the limit"
    )
    smallest_sample: int = parameter(
        1_000,
        "leaders of a sample at least; where there are not twice as many, none is drawn",
        unit="leaders",
        least=1,
        source=_PAGE,
    )
    sample_of: int = parameter(
        10, "one of this many is in a larger sample", unit="leaders", least=1, source=_PAGE
    )
    crowd: int = parameter(
        3, "people of a sample that a limit must have room for, or the sample does without it", unit="people"
    )
    sample_rounds: int = parameter(20, "rounds of column generation over a sample", unit="rounds", least=1)
    sample_accuracy: float = parameter(4e-3, "to which a sample's duals settle", unit="accuracy")
    closer_accuracy: float = parameter(
        1e-3, "the same once the sample knows variable upper bounds", unit="accuracy"
    )
    closer_warm: float = parameter(
        0.03, "complementarity at which its programmes begin then", unit="share", least=1e-6
    )


@dataclass(frozen=True)
class MasterParams(Group):
    """The restricted master: when column generation ends, and which rows are in."""

    root_rounds: int = parameter(40, "rounds of column generation at the root", unit="rounds", least=1)
    first_accuracy: float = parameter(5e-3, "of the root before the first dive", unit="accuracy")
    second_accuracy: float = parameter(
        1e-3, "accuracy of the root after it, at the roughest", unit="accuracy"
    )
    of_gap: float = share(
        0.1, "part of the gap in hand to which duals settle: beyond it other work closes more", source=_PAGE
    )
    sharper: float = parameter(
        3.0,
        "duals settle again once they may be this many times as accurate",
        unit="times",
        least=1,
        source=_PAGE,
    )
    most_minimum: float = parameter(
        4.0,
        "highest price a person of the minimum of a candidate that may stay closed",
        unit="units of price",
        least=0.1,
        source=_30,
    )
    near: float = share(
        0.15, "part of a limit that may be left after the first duals for its row to be in from the start"
    )
    loose: float = parameter(1e-2, "accuracy of the first programmes with free choices", unit="accuracy")
    few_new: float = share(0.02, "rows that may still enter when duals count as settled")
    some_new: float = share(0.1, "the same where pricing is exact from the start")
    coarse: float = parameter(
        1e-3, "accuracy from which on one round without progress is enough", unit="accuracy"
    )
    no_price: float = parameter(1e-3, "dual below which a row counts as having none", unit="units of price")
    far: float = share(0.1, "part of a limit that has to be left for its row to be let go")
    patience: int = parameter(
        2,
        "programmes that such a row stays in; twice as many each time that it comes back",
        unit="programmes",
        least=1,
    )
    bound_excess: float = parameter(
        0.3, "excess from which on a variable upper bound enters", unit="people", source=_18
    )
    first_price: float = parameter(
        0.01, "dual at which a row that enters begins", unit="units of price", source=_30
    )
    many_new: float = share(
        0.03, "rows that are new from which on a programme begins further inside", source=_30
    )
    further: float = parameter(10.0, "how many times further inside it begins then", unit="times", least=1)
    central: float = parameter(
        0.1, "complementarity at which it begins then at most", unit="share", least=1e-6
    )


@dataclass(frozen=True)
class ChoicesParams(Group):
    """Benders: proposals of what runs in which room, and cuts at them."""

    room_rounds: int = parameter(3, "times that rooms are given again for the same candidates", unit="rounds")
    violated_rounds: int = parameter(
        3, "times that duals settle on while the programme of a choice violates limits", unit="times"
    )
    close_accuracy: float = parameter(
        1e-5, "accuracy to which duals settle at a choice that is proposed again", unit="accuracy"
    )
    close_rounds: int = parameter(20, "of column generation at such a choice", unit="rounds", least=1)
    radius: int = parameter(6, "that a proposal near the best choice may change", unit="modes")
    near_of: int = parameter(
        3,
        "one of this many proposals is free, the others are near the best choice",
        unit="proposals",
        least=1,
    )
    work: float = parameter(
        5.0, "work on one integer programme over choices", unit="deterministic seconds", least=0.01
    )
    first_work: float = parameter(
        0.3,
        "work on what runs in the first plan: nearly as many candidates are found at once",
        unit="deterministic seconds",
        least=0.01,
    )


@dataclass(frozen=True)
class PartialParams(Group):
    """Many candidates: a season designed from a part of them."""

    many: int = parameter(
        200, "candidates from which on a part of them is looked at first", unit="candidates", source=_PAGE
    )
    repeats: float = parameter(
        4.0,
        "times that a course is offered at a site, on average, from which on it is a season besides",
        unit="candidates",
        source=_30,
    )
    first: int = parameter(300, "candidates of the first part, about", unit="candidates", least=1, source=_18)
    first_of_running: float = parameter(
        3.0,
        "candidates of the first part for each that the plan by hand runs, where that makes more",
        unit="candidates",
        source=_30,
    )
    listing_time: float = parameter(
        3.0,
        "time left, by what listing all candidates took, below which it isn't done again",
        unit="times",
        source=_30,
    )
    growth: float = parameter(
        0.5,
        "part by which candidates grow at most in a round; fewer need no second quick one",
        unit="share",
    )
    early: float = share(0.35, "part of the time up to which there may be a second quick round")
    rounds: int = parameter(8, "rounds in which candidates are added", unit="rounds", least=1)
    sketches: int = parameter(
        5, "such rounds with a sample of the leaders, where these are many", unit="rounds"
    )
    near: float = parameter(
        5e-4, "part of the bound by which all candidates may promise more than those looked at", unit="share"
    )
    near_of_gap: float = share(0.1, "part of the gap in hand by which they may")
    time_share: float = share(0.8, "part of the time before the whole instance gets the rest")
    redesign: float = parameter(
        0.01,
        "part by which a bound of more candidates must be higher for candidates to be opened afresh",
        unit="share",
    )
    idle: int = parameter(40, "without success at which the design ends", unit="neighbourhoods", least=1)
    first_idle: int = parameter(
        20, "without success at which variable upper bounds come in", unit="neighbourhoods", least=1
    )
    bounded: int = parameter(
        20_000_000,
        "product of both up to which there is memory for variable upper bounds",
        unit="leaders x sessions",
    )
    generation_rounds: int = parameter(60, "rounds of column generation over a part", unit="rounds", least=1)
    accuracy: float = parameter(3e-4, "accuracy to which a part's duals settle", unit="accuracy")
    bounded_accuracy: float = parameter(
        5e-4, "the same with variable upper bounds, at the finest", unit="accuracy"
    )
    bounded_warm: float = parameter(
        0.03, "complementarity at which programmes with them begin", unit="share", least=1e-6
    )
    large_leaders: int = parameter(
        2_000, "leaders from which on a sample of them looks for candidates", unit="leaders"
    )
    large_excess: float = parameter(
        0.6, "excess from which on a variable upper bound enters then", unit="people"
    )
    rough_accuracy: float = parameter(
        1e-3, "accuracy to which duals settle then, and in a quick design", unit="accuracy"
    )
    chosen_accuracy: float = parameter(3e-4, "the same once candidates are chosen", unit="accuracy")
    chosen_rounds: int = parameter(
        15, "rounds in which they do once candidates are chosen", unit="rounds", least=1
    )
    transfer_near: float = parameter(
        2.0,
        "how much less than a leader's best column one may be worth to be taken along to the next part",
        unit="units of price",
    )
