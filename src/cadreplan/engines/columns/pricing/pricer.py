"""One pricing pass: every leader's best plans at given prices, the bound they prove, and what they use.

The Lagrangian bound of Dantzig and Wolfe (1960): for any prices p >= 0 on the coupling rows,

    sum of p x right-hand sides  +  sum of leaders' best worth at p  +  sum of blocks' best worth at p

is at least the worth of every plan. All of it is in integers: points are multiplied by SCALE and prices are
whole numbers on that scale, so no rounding can spoil a bound, nor does the order of summing matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools, Compiled, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.params import DEFAULTS, Params
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.distant_shards import DistantShards
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.kernels import (
    UNKNOWN,
    Multipliers,
    no_multipliers,
    worth_of_columns,
)
from cadreplan.engines.columns.pricing.row_dominance import needed_rows
from cadreplan.engines.columns.pricing.shards import (
    Answer,
    Dispatching,
    Hurry,
    LocalShards,
    Question,
    Shard,
    Shards,
    use_of_shard,
)
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance


@dataclass(frozen=True)
class PricingPass:
    """`upper` are leaders' bounds, `found[i, r, :]` their best sets of stays (-1: no more,
    NOTHING: no set). Worths are scaled.

    With `constant` and the `worth` of modes, constant + sum of worth[chosen] bounds every plan that
    chooses these modes, and `bound` bounds every plan.
    """

    upper: I64
    value: I64
    count: I32
    found: I32
    prices: I64
    worth: I64
    constant: int
    bound: int
    nodes: int

    @property
    def points(self) -> int:
        """The bound in points, rounded down: objectives are whole."""
        return self.bound // SCALE

    @property
    def cut(self) -> int:
        """How many searches were cut short, or could not prove what they found."""
        return int((self.upper > self.value[:, 0]).sum())

    def shortfall(self) -> float:
        """Points by which the sets found fall short of the bounds, where searches were cut short."""
        best = self.value[:, 0]
        return float((self.upper - best)[best > NEVER // 2].sum()) / SCALE


class Pricer:
    """Prices leaders of one instance; `rows` are those of its rows that are needed.

    `compiled` has the arrays of all leaders. The searches left of a pass are short once `stop` says so. With
    `all_rows` none is left out that others imply: shares of limits differ by day.
    """

    def __init__(
        self,
        compiled: Compiled,
        shards: Shards,
        rows: Rows,
        threads: ThreadPool,
        params: Params = DEFAULTS,
        stop: Callable[[], bool] | None = None,
        *,
        all_rows: bool = False,
    ) -> None:
        self.params, self._stop = params, stop
        self.compiled, self.shards, self.threads = compiled, shards, threads
        self.rows = rows if all_rows else needed_rows(rows, shards.summary.marks)
        self.n = len(compiled.leaders.branch)
        self._no_multipliers = no_multipliers(self.n)

    @property
    def stays(self) -> Stays:
        """Stays by number: all of them, or those known here; what belongs to leaders is that of all."""
        return self.shards.stays

    @cached_property
    def variable_bounds(self) -> Bools:
        """Rows that hold a single leader to what of a candidate runs: its quotas for branches of one."""
        rows = self.rows
        alone = np.bincount(self.compiled.leaders.branch, minlength=len(rows.parent)) == 1
        alone[rows.parent[rows.parent >= 0]] = False
        candidates = rows.block_session[rows.block_of[rows.of_candidates]]
        found = np.zeros(rows.n, np.bool_)
        found[rows.quota0 : rows.bed0] = alone[rows.quota_branch] & np.isin(rows.quota_session, candidates)
        return found

    def price(
        self,
        prices: F64,
        *,
        wanted: int = 1,
        node_limit: int | None = None,
        subset: I32 | None = None,
        multipliers: Multipliers | None = None,
    ) -> PricingPass:
        """A pass at `prices` by row, in points (rounded to the scale; negative ones count as 0).

        `node_limit` is that of a search, None: of exact pricing. With `subset` only these leaders are priced,
        and the bounds are no bounds for the instance.
        """
        multipliers = multipliers or self._no_multipliers
        exact = self.params.pricing.exact_nodes
        node_limit = exact if node_limit is None else node_limit
        rows = self.rows
        whole = scaled(prices)
        answer = self.shards.price(Question(whole, wanted, node_limit, multipliers), subset)
        if node_limit >= exact:
            answer = self._again(answer, Question(whole, wanted, node_limit, multipliers), subset)
        worth = rows.worth(whole, SCALE) + rows.credit(multipliers.session, multipliers.amount)
        best = rows.best_worth(worth)
        some = np.flatnonzero(whole)
        constant = sum(int(a) * int(b) for a, b in zip(whole[some], rows.rhs[some], strict=True))
        constant += int(answer.upper.sum()) + int(best.sum()) - int(best[rows.choices].sum())
        bound = constant + int(best[rows.choices].sum())
        found = (answer.upper, answer.value, answer.count, answer.found)
        return PricingPass(*found, whole, worth, constant, bound, answer.nodes)

    def _again(self, answer: Answer, question: Question, subset: I32 | None) -> Answer:
        """The answer after longer searches for those leaders, if they are few, whose searches were cut."""
        who = np.arange(self.n, dtype=np.int32) if subset is None else subset
        cut = np.flatnonzero((answer.upper > answer.value[:, 0]) & (self.stays.cut[who] == 0))
        params = self.params.pricing
        longer = min(params.longest_nodes, max(params.again_nodes, answer.nodes) // max(1, len(cut)))
        late = self._stop is not None and self._stop()
        if late or not len(cut) or longer < 2 * question.node_limit:
            return answer
        return answer.replaced(cut, self.shards.price(question._replace(node_limit=longer), who[cut]))

    def enumerate_columns(
        self, prices: I64, least: I64, wanted: int, subset: I32 | None = None
    ) -> tuple[Bools, I64, I32]:
        """Columns of leaders that at scaled `prices` are worth more than `least` (scaled, by leader).

        Those that can't be in a best plan, whatever it pays for limits, are left out (they hold a stay that
        is of no use beside the others). Returns of each leader whether the search for them came to its end,
        and by rank the `wanted` best: their scaled worth (NEVER: no more) and stays.
        """
        nodes = self.params.pricing.exact_nodes
        answer = self.shards.price(Question(prices, wanted, nodes, self._no_multipliers, least), subset)
        return answer.upper < UNKNOWN, answer.value, answer.found

    def worth(self, columns: I32, prices: I64) -> I64:
        """Scaled worth of one column a leader at integer prices."""
        session, day, bed = self.rows.spread(prices)
        out = np.zeros(self.n, np.int64)
        columns = np.ascontiguousarray(columns)  # for others the kernel would be compiled once more
        worth_of_columns(columns, self.compiled, self.stays, session, day, bed, SCALE, out)
        return out

    def use(self, found: I32, subset: I32 | None = None) -> I64:
        """Use by row of one set of stays a leader, `found` (n, MAX_SESSIONS)."""
        return use_of_shard(Shard(self.compiled, self.stays), self.rows, found, subset)


def pricer_of(
    instance: Instance,
    threads: ThreadPool,
    params: Params = DEFAULTS,
    *,
    stays_of: Instance | None = None,
    stop: Callable[[], bool] | None = None,
) -> Pricer:
    """The pricer of all leaders of an instance; their shards lie where `threads` puts them, if anywhere.

    `stays_of` has other limits than `instance`: its stays are priced here, within the rows of `instance`. The
    searches left of a pass are short once `stop` says so.
    """
    compiled, rows = compile_arrays(stays_of or instance), build_rows(instance)
    hurry = None if stop is None else Hurry(stop, params.pricing.heuristic_nodes)
    shards: Shards
    if isinstance(threads, Dispatching) and stays_of is None:
        shards = DistantShards(instance, compiled, rows, threads, threads.dispatch, params.cluster, hurry)
    else:
        shards = LocalShards(Shard(compiled, enumerate_stays(compiled, threads)), rows, threads, hurry)
    return Pricer(compiled, shards, rows, threads, params, stop)
