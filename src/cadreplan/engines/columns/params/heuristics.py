"""Parameters of plans: dives, large neighbourhoods, enumerated programmes, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.engines.columns.params.parameter import Group, parameter, share

_30 = "decision 30"
_18 = "decision 18"
_PAGE = "docs/columns.md"


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
    in_part: float = parameter(
        1.0,
        "candidates that run in part, before a sample of many leaders is asked which to open",
        unit="candidates",
    )
    sample: int = parameter(
        3,
        "times that this sample is as large as that of first duals: one says little about single candidates",
        unit="times",
        least=1,
        source=_30,
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
