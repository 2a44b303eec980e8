"""Which scheduler is meant, and a client for it whose other end is of the same versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Security
from distributed.comm import parse_address, parse_host_port
from distributed.comm.registry import get_backend

from cadreplan.engines.columns.pricing import remote as placed
from cadreplan.engines.columns.pricing.remote import MismatchError, Versions, versions
from cadreplan.engines.interface import Scheduler
from cadreplan.errors import UsageError
from cadreplan.language import tr

_CONNECT = 10.0
"""Seconds to wait for the scheduler, where the time limit isn't shorter."""


def scheduler_of(given: object) -> Scheduler:
    """What is known of a scheduler: an address, a scheduler file, `config` for what Dask is configured
    with, or a client. Raises UsageError for anything else.
    """
    if isinstance(given, Client):
        address = "" if given.scheduler is None else str(given.scheduler.address)
        return Scheduler(_reachable(address), _absolute(given.security))
    if not isinstance(given, str) or not given:
        raise UsageError(tr("a scheduler is given by its address, as tcp://host:8786, or as a Dask client"))
    if given == "config":
        return Scheduler(None, _absolute(Security()))
    if "://" not in given and Path(given).is_file():
        return Scheduler(str(Path(given).resolve()), _absolute(Security()))
    return Scheduler(_reachable(given), _absolute(Security()))


def _reachable(address: str) -> str:
    """An address that another process can reach; raises UsageError.

    A client of Dask that is made for what is no address waits for itself when it goes.
    """
    if address.startswith("inproc://"):
        raise UsageError(
            tr("the scheduler at {address} lives inside one process: use one with processes", address=address)
        )
    try:
        scheme, place = parse_address(address)
        get_backend(scheme)
        parse_host_port(place)
    except ValueError as error:
        raise UsageError(_silent(address, error)) from None
    return address


def _silent(address: str, error: Exception) -> str:
    """What to tell of a scheduler that doesn't answer."""
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return tr("no scheduler answers at {address}: {why}", address=address, why=why)


def _absolute(security: Any) -> Any:
    """The same with absolute paths: the solver process works in another folder."""
    for name in security.__slots__:
        value = getattr(security, name, None)
        if name.startswith("tls_") and isinstance(value, str) and Path(value).is_file():
            setattr(security, name, str(Path(value).resolve()))
    return security


@contextmanager
def connected(
    scheduler: Scheduler, tell: Callable[[str], object], time_limit: float | None = None
) -> Iterator[Client]:
    """A client for the scheduler; closed in the end. `tell` is told that it connects.

    Of a `time_limit` in seconds it waits for half, so that it is told when nothing answers.
    """
    wait = _CONNECT if time_limit is None else min(_CONNECT, time_limit / 2)
    address = scheduler.address or "config"
    tell(tr("connecting to the scheduler at {address}", address=address))
    where: dict[str, Any] = {"address": scheduler.address}
    if scheduler.address is not None and "://" not in scheduler.address and Path(scheduler.address).is_file():
        where = {"scheduler_file": scheduler.address}
    try:
        if where == {"address": None} and not _configured():
            raise UsageError(
                tr(
                    "Dask's configuration names no scheduler: set DASK_SCHEDULER_ADDRESS, or give an address"
                    " instead of config"
                )
            )
        client = Client(
            **where, security=scheduler.security, timeout=wait, set_as_default=False, name="cadreplan"
        )
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise UsageError(_silent(address, error)) from None
    try:
        _same_versions(client)
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=_CONNECT / 2)


def _configured() -> bool:
    return bool(dask.config.get("scheduler-address", None) or dask.config.get("scheduler-file", None))


def _same_versions(client: Client) -> None:
    """Raise UsageError where the scheduler or a worker is of other versions than this process."""
    mine = versions()
    scheduler = (client.get_versions().get("scheduler") or {}).get("packages", {})
    theirs = str(scheduler.get("distributed", ""))
    if theirs != mine.distributed:
        raise UsageError(
            tr(
                "the scheduler has distributed {theirs}, this machine {mine}: install the same on both",
                theirs=theirs,
                mine=mine.distributed,
            )
        )
    for address, found in sorted(client.run(placed.versions, on_error="return").items()):
        if found != mine:
            raise UsageError(_mismatch(mine, found, address))


def joined(error: MismatchError) -> UsageError:
    """What to tell of a worker with other versions that came later than the rest."""
    return UsageError(
        tr(
            "a worker that joined has {found}, this machine {mine}: install the same on all machines",
            found=str(error.found),
            mine=str(error.wanted),
        )
    )


def _mismatch(mine: Versions, found: object, address: str) -> str:
    """What to tell of a worker with other versions, or without cadreplan at all."""
    if isinstance(found, Versions):
        return tr(
            "worker {address} has {found}, this machine {mine}: install the same on all machines",
            address=address,
            found=str(found),
            mine=str(mine),
        )
    return tr(
        "worker {address} can't load cadreplan ({why}): install {mine} on all machines",
        address=address,
        why=f"{type(found).__name__}: {found}",
        mine=str(mine),
    )
