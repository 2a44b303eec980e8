"""The workers of a cluster as the engine sees them: those who hold the shards of an instance."""

from __future__ import annotations

import pickle
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress

from distributed import CancelledError, Client, Future, KilledWorker, wait

from cadreplan.engines.columns.pricing.remote import MismatchError, Placed, PlacedCommon
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ClusterLostError
from cadreplan.language import tr
from cadreplan.solving.cluster.connecting import joined

_TICK = 0.25
"""Seconds between looks at whether to stop, and at who is left."""
_LAST = 1.0
"""Seconds for a pass to end once the solve is to stop; what it brings may still make a better plan."""
_STUBBORN = 2
"""How often a shard is made again that ended, by Dask's count, one worker too many."""


class EndedError(Exception):
    """The solve is to end, and an answer has not come in time."""


class Fleet:
    """The workers of a cluster, as the engine has work done by them."""

    def __init__(self, client: Client, options: EngineOptions, listener: Listener, began: float) -> None:
        self.client, self.listener = client, listener
        self.passes = 0
        """So often the workers were asked for something."""
        self.name = uuid.uuid4().hex[:12]
        self._until = None if options.time_limit is None else began + options.time_limit
        self._made = 0

    def placed(self, common: bytes, slices: list[bytes]) -> Remote:
        """The shards of an instance, being made from now on."""
        self._made += 1
        self.threads()
        return Remote(self, common, slices, f"cadreplan-{self.name}-{self._made}")

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
    """The shards of one instance on the workers."""

    def __init__(self, fleet: Fleet, common: bytes, slices: list[bytes], name: str) -> None:
        self._fleet, self._description, self._slices, self._name = fleet, common, slices, name
        self._tries = 0
        self._failed = [0] * len(slices)
        self._common = self._make_common()
        self._shards = [self._make(k) for k in range(len(slices))]

    def ask(self, work: Callable[..., bytes], asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of some shards, by number. Raises `EndedError` and ClusterLostError."""
        fleet, client = self._fleet, self._fleet.client
        fleet.passes += 1
        name = f"{self._name}-ask-{fleet.passes}"
        answers: dict[int, bytes] = {}
        left, turn = list(parts), 0
        while left:
            try:
                common = client.submit(bytes, asked, key=f"{name}-{turn}", pure=False)
                futures = {
                    k: client.submit(
                        Placed.do,
                        self._shards[k],
                        work,
                        common,
                        parts[k],
                        key=f"{name}-{turn}-{k}",
                        pure=False,
                    )
                    for k in left
                }
                fleet.results(list(futures.values()))
                done = [k for k in left if futures[k].status == "finished"]
                answers |= zip(done, client.gather([futures[k] for k in done]), strict=True)
            except (CancelledError, OSError) as error:
                raise fleet.lost(error) from None
            left = [k for k in left if k not in answers]
            for k in left:
                self._make_again(k, futures[k])
            turn += 1
        return answers

    # --- making -------------------------------------------------------------------------------------------

    def _make_common(self) -> Future:
        self._tries += 1
        key = f"{self._name}-common-{self._tries}"
        return self._fleet.client.submit(PlacedCommon, self._description, key=key, pure=False)

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
                tr(
                    "workers die of {n} leaders again and again: give them more memory",
                    n=len(pickle.loads(self._slices[k])),
                )
            )
        self._common = self._make_common()
        self._shards[k] = self._make(k)
