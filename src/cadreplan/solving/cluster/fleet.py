"""The workers of a cluster as the engine sees them: the shards of an instance, wherever they lie."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from distributed import CancelledError, Client, Future, KilledWorker, wait

from cadreplan.engines.columns.pricing.remote import (
    I32,
    MAX_SESSIONS,
    NEVER,
    Answer,
    Asked,
    Common,
    LocalShards,
    MismatchError,
    Placed,
    Question,
    answer_of,
    packed,
    part_of,
)
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ClusterLostError
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solving.cluster.connecting import joined

_TICK = 0.25
"""Seconds between looks at whether to stop, and at who is left."""
_LAST = 1.0
"""Seconds for a pass to end once the solve is to stop; what it brings may still make a better plan."""
_AT_MOST, _AT_LEAST, _EACH = 2_000, 250, 4
"""Leaders of a shard, and shards a thread of the cluster where these allow it: joiners find some to take."""
_FEW = 500
"""Fewer leaders are priced here: asking takes longer."""
_STUBBORN = 2
"""How often a shard is made again that ended, by Dask's count, one worker too many."""


class EndedError(Exception):
    """The solve is to end, and an answer has not come in time."""


class Fleet:
    """The workers of a cluster, as the engine has leaders priced by them."""

    def __init__(self, client: Client, options: EngineOptions, listener: Listener, began: float) -> None:
        self.client, self.listener = client, listener
        self.passes = 0
        """So often the workers were asked to price leaders."""
        self.name = uuid.uuid4().hex[:12]
        self._until = None if options.time_limit is None else began + options.time_limit
        self._made = 0

    def placed(self, instance: Instance) -> Remote:
        """The shards of an instance, being made from now on."""
        self._made += 1
        threads = sum(self.threads().values())
        size = len(instance.leaders) // max(1, _EACH * threads)
        size = min(_AT_MOST, max(_AT_LEAST, size))
        return Remote(self, instance, size, f"cadreplan-{self.name}-{self._made}")

    def threads(self) -> dict[str, int]:
        """Threads of each worker there is; waits for the first one. Raises `EndedError` and
        ClusterLostError."""
        asked = False
        late: float | None = None
        while True:
            found: dict[str, int] = {}
            answered = False
            with suppress(OSError, RuntimeError, CancelledError):
                found = dict(self.client.nthreads())
                answered = True
            if found:
                return found
            if self.client.status != "running":
                raise self.lost(None)
            if answered and not asked:
                self.listener.phase(tr("waiting for workers: the scheduler has none"))
                asked = True
            late = self.patience(late)
            time.sleep(_TICK)

    def results(self, futures: Sequence[Future], late: float | None = None) -> None:
        """Wait until all futures have come to an end; raises as `threads`."""
        looked = time.monotonic()
        while True:
            try:
                with self.client.as_current():
                    wait(futures, timeout=_TICK)
            except TimeoutError:
                pass
            except (CancelledError, OSError, RuntimeError) as error:
                raise self.lost(error) from None
            else:
                return
            late = self.patience(late)
            if self.client.status != "running":
                raise self.lost(None)
            if time.monotonic() - looked > 8 * _TICK:
                self.threads()
                looked = time.monotonic()

    def patience(self, late: float | None) -> float | None:
        """When the solve was to end, None while it isn't; raises `EndedError` some time after that."""
        now = time.monotonic()
        if not self.listener.should_stop() and (self._until is None or now < self._until):
            return None
        if late is not None and now - late > _LAST:
            raise EndedError
        return late or now

    def lost(self, error: BaseException | None) -> ClusterLostError:
        """What to tell where the scheduler doesn't answer any more."""
        why = type(error).__name__ if error is not None else self.client.status
        return ClusterLostError(tr("the connection to the scheduler is lost ({why})", why=why))


class Remote:
    """The shards of one instance on the workers, beside all leaders `here`, who are asked when few are."""

    def __init__(self, fleet: Fleet, instance: Instance, size: int, name: str) -> None:
        self._fleet, self._size, self._name = fleet, size, name
        self._bare, self._slices = packed(instance, size)
        self._tries = 0
        self._failed = [0] * len(self._slices)
        self._common = self._make_common()
        self._shards = [self._make(k) for k in range(len(self._slices))]
        self._here: LocalShards | None = None
        self._item0 = np.zeros(1, np.int32)

    def beside(self, here: LocalShards) -> Remote:
        """The same, once all leaders are known here too."""
        self._here = here
        ptr = here.shard.stays.ptr
        self._item0 = ptr[np.minimum(np.arange(len(self._slices)) * self._size, len(ptr) - 1)]
        return self

    def price(self, question: Question, subset: I32 | None) -> Answer:
        """The answer of all leaders, or of the `subset` (ascending)."""
        assert self._here is not None
        n = self._here.shard.n
        if (n if subset is None else len(subset)) < _FEW or not _rising(subset):
            return self._here.price(question, subset)
        starts = np.arange(len(self._slices) + 1) * self._size
        cuts = np.minimum(starts, n) if subset is None else np.searchsorted(subset, starts)
        asked = [k for k in range(len(self._slices)) if cuts[k] < cuts[k + 1]]
        parts = {
            k: part_of(
                question,
                int(starts[k]),
                min(n, int(starts[k + 1])),
                None if subset is None else subset[cuts[k] : cuts[k + 1]],
            )
            for k in asked
        }
        answers = self._ask(Asked.of(question).packed(), parts)
        return self._together(answers, asked, question.wanted)

    def _ask(self, question: bytes, parts: dict[int, bytes]) -> dict[int, Answer]:
        """What shards answer to a question and their parts of it."""
        fleet, client = self._fleet, self._fleet.client
        fleet.passes += 1
        name = f"{self._name}-ask-{fleet.passes}"
        answers: dict[int, Answer] = {}
        left, turn = list(parts), 0
        while left:
            try:
                common = client.submit(bytes, question, key=f"{name}-{turn}", pure=False)
                futures = {
                    k: client.submit(
                        Placed.price, self._shards[k], common, parts[k], key=f"{name}-{turn}-{k}", pure=False
                    )
                    for k in left
                }
                fleet.results(list(futures.values()))
                done = [k for k in left if futures[k].status == "finished"]
                for k, data in zip(done, client.gather([futures[k] for k in done]), strict=True):
                    answers[k] = answer_of(data)
            except (CancelledError, OSError) as error:
                raise fleet.lost(error) from None
            left = [k for k in left if k not in answers]
            for k in left:
                self._make_again(k, futures[k])
            turn += 1
        return answers

    def _together(self, answers: dict[int, Answer], asked: list[int], wanted: int) -> Answer:
        """Answers of shards side by side, items numbered as here."""
        n = sum(len(answers[k].upper) for k in asked)
        found = np.full((n, wanted, MAX_SESSIONS), -1, np.int32)
        value = np.full((n, wanted), NEVER, np.int64)
        count = np.zeros((n, wanted), np.int32)
        upper, nodes, at = np.zeros(n, np.int64), 0, 0
        for k in asked:
            answer = answers[k]
            rows = slice(at, at + len(answer.upper))
            upper[rows], value[rows], count[rows] = answer.upper, answer.value, answer.count
            own = answer.found
            found[rows, :, : own.shape[2]] = np.where(own >= 0, own + self._item0[k], own)
            nodes += answer.nodes
            at = rows.stop
        return Answer(upper, value, count, found, nodes)

    # --- making -------------------------------------------------------------------------------------------

    def _make_common(self) -> Future:
        self._tries += 1
        key = f"{self._name}-common-{self._tries}"
        return self._fleet.client.submit(Common, self._bare, key=key, pure=False)

    def _make(self, k: int) -> Future:
        key = f"{self._name}-shard-{k}-{self._tries}"
        return self._fleet.client.submit(Placed, self._common, self._slices[k], key=key, pure=False)

    def _make_again(self, k: int, future: Future) -> None:
        """Make a shard again whose answer failed, if that may help; raises what the failure means."""
        if future.status in ("cancelled", "lost"):
            raise self._fleet.lost(None)
        error = future.exception()
        if isinstance(error, MismatchError):
            raise joined(error)
        if not isinstance(error, KilledWorker):
            raise ClusterLostError(
                tr("a worker failed: {why}", why=f"{type(error).__name__}: {error}".splitlines()[0])
            )
        self._failed[k] += 1
        if self._failed[k] > _STUBBORN:
            raise ClusterLostError(
                tr("workers die of {n} leaders again and again: give them more memory", n=self._size)
            )
        self._common = self._make_common()
        self._shards[k] = self._make(k)


def _rising(subset: I32 | None) -> bool:
    return subset is None or bool((np.diff(subset) > 0).all())
