"""The parameters of the search, in the open: what each is, in what unit, and where its value comes from.

An expert passes others (`cadreplan solve --params FILE.toml`, `solve(..., params=...)`). No value makes a
plan or a bound wrong: they say where time goes and when something is good enough. What kernels are compiled
with (widths of arrays, sizes of tables) is no parameter: docs/params.md lists it below those.

A *unit of work* is about a second of a core (`Budget`), *accuracy* is relative to the bound, a *unit of
price* about what a quarter of the best skill gap is worth (`RestrictedMaster.unit`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cadreplan.engines.columns.parameter import Group, parameter, share

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
class DivingParams(Group):
    """Dives: leaders, and candidates, fixed step by step."""

    decided: float = share(0.95, "weight of a column from which on its leader is fixed")
    undecided_share: float = share(
        0.15,
        "part of the other leaders that a step fixes as well",
        source="decision 4: 10 to 15 % in a prototype",
    )
    large_share: float = share(0.3, "the same while these are many")
    many: int = parameter(1_000, "other leaders that are many", unit="leaders")
    last: int = parameter(
        100, "leaders whom an integer programme places at the end", unit="leaders", source=_PAGE
    )
    placing_time: float = parameter(
        1.5,
        "time that a dive leaves, before the limit, to place those still open one by one, by what that took",
        unit="times",
        source=_30,
    )
    accuracy: float = parameter(1e-4, "accuracy to which duals settle between steps", unit="accuracy")
    rounds: int = parameter(4, "rounds between steps at most", unit="rounds", least=1)
    warm: float = parameter(0.003, "complementarity at which programmes begin", unit="share", least=1e-6)
    quick_rounds: int = parameter(2, "rounds between steps of the first dive", unit="rounds", least=1)
    quick_share: float = share(0.2, "part of the other leaders that a step of the first dive fixes")
    candidate_share: float = share(0.2, "part of the candidates still to come that are opened at once")
    candidate_large_share: float = share(0.35, "the same with a sample of the leaders")
    candidate_quick_share: float = share(0.5, "the same in a quick dive")
    candidate_quick_least: int = parameter(
        4, "candidates that a step of a quick dive opens at least", unit="candidates", least=1
    )
    candidate_rounds: int = parameter(4, "rounds between steps that open candidates", unit="rounds", least=1)
    candidate_quick_rounds: int = parameter(
        1,
        "the same in a quick dive, and where some are chosen again",
        unit="rounds",
        least=1,
        source=_30,
    )
    candidate_columns: int = parameter(
        6,
        "columns of each leader that a round brings: who is to go where nobody went before needs several",
        unit="columns a leader",
        least=1,
        source=_30,
    )
    candidate_accuracy: float = parameter(
        5e-4, "accuracy to which duals settle between these steps", unit="accuracy"
    )
    candidate_sure: float = share(0.9, "part of a candidate that runs from which on it is opened in any case")
    candidate_trace: float = share(1e-3, "part of a candidate that runs below which it is never opened")
    candidate_enough: float = parameter(0.5, "runs still to come at which the dive ends", unit="runs")
    candidate_little: float = share(
        0.12,
        "part of the runs still to come when a quick dive tries what it is worth to bar the rest",
        source=_30,
    )
    candidate_late: float = share(
        0.35,
        "part of the time limit left at which a quick dive rounds what is to come: leaders have to be placed",
        source=_30,
    )
    candidate_closing_rounds: int = parameter(
        3, "rounds once the rest is barred", unit="rounds", least=1, source=_30
    )
    candidate_misses: int = parameter(
        1,
        "earlier steps at which the rest is barred for less, until a dive ends where that is worth most",
        unit="steps",
        least=1,
        source=_30,
    )
    candidate_quick_loss: float = parameter(
        8e-3, "the same as `candidate_loss` in a quick dive", unit="share", source=_30
    )
    candidate_loss: float = parameter(
        5e-4,
        "loss of worth by a step from which on fewer candidates are opened at once, or one is barred",
        unit="share",
        least=-1,
        source=_18,
    )


@dataclass(frozen=True)
class LnsParams(Group):
    """Large neighbourhood search: leaders, or candidates with their leaders, placed again."""

    leaders: int = parameter(80, "of the first neighbourhoods", unit="leaders", least=1, source=_PAGE)
    middle_leaders: int = parameter(
        320, "up to which neighbourhoods double", unit="leaders", least=1, source=_PAGE
    )
    most_leaders: int = parameter(
        5_000, "of the largest neighbourhoods", unit="leaders", least=1, source=_PAGE
    )
    accuracy: float = parameter(1e-5, "accuracy to which duals settle for a neighbourhood", unit="accuracy")
    rounds: int = parameter(6, "rounds in which they do at most", unit="rounds", least=1)
    more_columns: int = parameter(
        16,
        "columns of each leader that are priced for the integer programme",
        unit="columns a leader",
        least=1,
    )
    columns: int = parameter(
        4_000, "columns of the integer programme at least, however much they lose", unit="columns"
    )
    columns_each: float = parameter(
        1.7,
        "columns of each leader in it, where that makes more",
        unit="columns a leader",
        least=1,
        source="the workshop tour in " + _30,
    )
    most_columns_each: float = parameter(
        6.0,
        "columns up to which these grow, once the largest neighbourhoods bring nothing",
        unit="columns a leader",
        least=1,
    )
    work: float = parameter(
        0.0125, "work on the integer programme", unit="deterministic seconds a leader", least=1e-5
    )
    large_work: float = parameter(
        0.006, "the same with many leaders", unit="deterministic seconds a leader", least=1e-5
    )
    many: int = parameter(
        640, "leaders that are many: all workers solve the integer programme", unit="leaders"
    )
    idle: int = parameter(8, "without success until choices are worth more work", unit="neighbourhoods")
    patience: int = parameter(
        15, "without success until larger ones are tried", unit="neighbourhoods", least=1
    )
    candidate_rounds: int = parameter(
        4, "rounds of column generation where candidates are chosen again", unit="rounds", least=1
    )
    candidate_accuracy: float = parameter(1e-3, "accuracy to which duals settle there", unit="accuracy")
    candidate_columns: int = parameter(
        12,
        "columns of each leader that are priced for the integer programme there",
        unit="columns a leader",
        least=1,
    )
    candidate_work: float = parameter(
        0.02, "work on that programme", unit="deterministic seconds a leader", least=1e-5
    )
    candidate_leaders: int = parameter(
        120, "leaders who are placed again with the candidates", unit="leaders", least=1
    )
    candidate_more: int = parameter(
        30, "leaders among them, at least, who attended none of the candidates", unit="leaders"
    )
    choice_gain: float = parameter(
        2e-5, "part by which the linear programme has to be worth more for another choice", unit="share"
    )
    choice_dive: float = parameter(
        2e-3, "part by which it is when leaders are placed again by the choice", unit="share"
    )
    choice_idle: int = parameter(
        6, "without success until leaders are placed by what there is", unit="neighbourhoods", least=1
    )
    choice_explore: float = share(
        0.4,
        "part of neighbourhoods of candidates that may be of any kind, not of that which lately brought most",
    )
    choice_weeks: int = parameter(
        4, "in which candidates are chosen again for all leaders", unit="weeks", least=1
    )
    weeks: int = parameter(2, "in which candidates are chosen again together", unit="weeks", least=1)
    site_weeks: int = parameter(
        8, "in which candidates of one site are chosen again together", unit="weeks", least=1
    )
    tries: int = parameter(
        3, "neighbourhoods of candidates drawn, of which the largest is taken", unit="neighbourhoods", least=1
    )
    crowd: int = parameter(
        25, "candidates from which on a neighbourhood counts as large enough", unit="candidates", least=1
    )


@dataclass(frozen=True)
class TurnsParams(Group):
    """Whose turn it is: choices, dives or neighbourhoods."""

    first_prices: float = share(
        0.5, "part of the time limit by which prices are taken as they are for the first dive", source=_30
    )
    worth_proving: float = share(
        0.25,
        "part of the gap that searches cut short leave open, beyond which longer ones follow the first dive",
        source=_30,
    )
    proving: float = share(0.1, "part of the time limit that these may take", source=_30)
    least_share: float = share(0.15, "of the work on one of choices and plans, what the other gets at least")
    memory: float = share(0.8, "what a piece of work still counts for when the next one is done")
    worth_a_dive: float = share(
        0.35, "part of the gap that a choice must promise to close to be dived for at once"
    )
    fresh: float = share(0.1, "part of the gap by which it must be better than the last one dived for")
    settled: float = share(
        0.05,
        "part of the gap, up to which a plan may be worth less than its choice for neighbourhoods to wait",
    )
    poor_choice: float = share(
        5e-3,
        "part by which a choice is worth less than free ones from which on candidates are opened by dives",
    )
    few_leaders: int = parameter(
        500, "up to which they are: of more, such a dive takes longer than cuts", unit="leaders", source=_30
    )
    large_leaders: int = parameter(
        10_000, "from which on a plan in time is worth more than settled duals", unit="leaders"
    )
    large_stays: int = parameter(
        1_000_000, "stays of all leaders from which on it is", unit="stays", source=_PAGE
    )
    hardly_anybody: float = share(
        0.1, "leaders with a session that a plan known already must have to be begun from"
    )


@dataclass(frozen=True)
class EnumerationParams(Group):
    """The end of a search: all columns that a better plan could have, as one programme."""

    sample: int = parameter(
        64,
        "leaders whose columns are counted first, to know how many all would have",
        unit="leaders",
        least=1,
    )
    nearly_all: float = share(0.9, "part of these whose columns have to have room")
    places: int = parameter(600_000, "room for columns of all leaders", unit="columns", least=1)
    most_places: int = parameter(1_024, "of it, for one leader at most", unit="columns a leader", least=1)
    few: int = parameter(20_000, "columns that are never too many", unit="columns", least=1)
    most_each: int = parameter(
        24,
        "columns a leader at most, on average, where that makes more",
        unit="columns a leader",
        least=1,
        source=_30,
    )
    most: int = parameter(
        60_000,
        "columns of all leaders at most",
        unit="columns",
        least=1,
        source="45,000 of a tour of 5,000 families are solved in 30 s",
    )
    less: float = share(0.6, "part of the gap at the last attempt that it has to shrink to for another one")
    time_share: float = share(0.35, "part of the time that is left, for one programme at most")
    seconds: float = parameter(
        300.0, "for one programme at most, as it can't be interrupted", unit="seconds", least=0.1
    )
    cuts: int = parameter(8, "for choices, before choices and plans are one programme", unit="cuts")
    nodes: int = parameter(2_000, "of the solver's tree", unit="nodes", least=1)
    iteration: float = parameter(
        2e-4, "work that an iteration of the solver's simplex method counts for", unit="units of work"
    )
    rounds: int = parameter(20, "rounds in which duals settle first", unit="rounds", least=1)
    accuracy: float = parameter(
        1e-6, "accuracy to which they do: what they fall short of it, columns seem to lose", unit="accuracy"
    )
    warm: float = parameter(0.01, "complementarity at which programmes begin then", unit="share", least=1e-6)


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


DEFAULTS = Params()
