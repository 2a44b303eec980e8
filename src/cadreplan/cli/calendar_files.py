"""The calendars that `cadreplan export` writes: whose, at what hours, and what was sent before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple
from datetime import time
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from cadreplan.cli.console import note
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from cadreplan.cli.inputs import OpenedPlan
    from cadreplan.views.export.calendars import Hours
    from cadreplan.views.export.events import By
    from cadreplan.views.season import Season

_HOURS = re.compile(r"(\d{1,2}:\d\d)-(?:(\d{1,2}:\d\d)[,，](\d{1,2}:\d\d)-)?(\d{1,2}:\d\d)")
_MAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")

Place = tuple[Path, Path | None, str | None]
"""A plan, the roster to take where its own is gone, and the encoding of the roster's tables."""


class ByChoice(StrEnum):
    """Whose calendars are made."""

    LEADER = "leader"
    SITE = "site"
    BRANCH = "branch"
    LECTURER = "lecturer"


def calendar_files(
    season: Season, by: ByChoice, day: str | None, previous: Sequence[Place], organizer: str | None = None
) -> dict[str, bytes]:
    """File name → calendar; `organizer` is an e-mail address.

    Raises `UsageError` for hours and addresses that are none, and for plans that can't be read or are of
    another programme.
    """
    from cadreplan.views.export.calendars import Hours, Organizer, calendars
    from cadreplan.views.export.events import By, events, programme_of
    from cadreplan.views.export.revisions import Sent, revise
    from cadreplan.views.wording import plain

    hours = Hours() if day is None else _hours(day)
    sender = None
    if organizer is not None:
        if not _MAIL.fullmatch(organizer):
            raise UsageError(tr("--organizer {text} is no e-mail address", text=organizer))
        sender = Organizer(plain(season.instance.title) or organizer, organizer)
    whose = By(by.value)
    sent = [_sent(place, whose) for place in previous]
    for (path, _, _), (old, _) in zip(previous, sent, strict=True):
        _one_programme(season, old, path)
    # what was sent first gave the events their identity
    programme = programme_of(sent[0][0] if sent else season)
    past = [Sent(events(old, whose, programme), certain) for old, certain in sent]
    made = revise(past, events(season, whose, programme))
    by_name = by in {ByChoice.LEADER, ByChoice.LECTURER}
    return calendars(made, season.instance.start, hours, sender, by_name=by_name)


def _one_programme(season: Season, old: Season, path: Path) -> None:
    """A plan solved again may go on for an earlier one of the same title; it can't for another programme."""
    from cadreplan.views.export.events import programme_of

    title, was = season.instance.title, old.instance.title
    if programme_of(season) == programme_of(old) or title == was:
        return
    raise UsageError(
        tr(
            "--previous {path} is of another programme, {was}, not {title}: its calendars stay as they were"
            " sent; `cadreplan replan {path}` makes a plan of the same programme",
            path=path,
            was=repr(was),
            title=repr(title),
        )
    )


def needs_programme(opened: OpenedPlan) -> None:
    """Without half days nobody knows what a lecturer teaches."""
    if opened.plan.programme is not None:
        return
    if not opened.loaded.instance.lecturers:
        raise UsageError(
            tr(
                "{roster} lists no lecturers, so {plan} has none: add `lecturers` to it and solve it again"
                " with --programme",
                roster=opened.loaded.path,
                plan=opened.path,
            )
        )
    raise UsageError(
        tr(
            "{plan} has no programme of half days, so it doesn't say who teaches what; make one with:"
            " cadreplan solve {roster} --programme -o {plan}",
            plan=opened.path,
            roster=opened.loaded.path,
        )
    )


def _hours(text: str) -> Hours:
    """The two half days, from `8:30-12:00,14:00-17:30`, or from `8:30-17:30` with the usual break at noon."""
    from cadreplan.views.export.calendars import Hours

    found = _HOURS.fullmatch(text.replace(" ", ""))
    if found is not None:
        given = (
            _clock(text) if text else usual
            for text, usual in zip(found.groups(), astuple(Hours()), strict=True)
        )
        times = [t for t in given if t is not None]
        if len(times) == 4 and all(a < b for a, b in pairwise(times)):
            return Hours(*times)
    raise UsageError(
        tr("--hours {text} are no hours of a day: write 8:30-17:30, or 8:30-12:00,14:00-17:30", text=text)
    )


def _clock(text: str) -> time | None:
    hours, minutes = map(int, text.split(":"))
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _sent(place: Place, by: By) -> tuple[Season, bool]:
    """An earlier plan with its own roster, or with `roster` where that is gone; whether it is as it was."""
    from cadreplan.cli.inputs import open_plan
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.views.season import Season

    path, roster, encoding = place
    own = path.parent / read_plan(path).roster.path
    opened = open_plan(path, None if own.exists() else roster, encoding)
    if opened.differences:
        note(tr("the roster of {path} has changed since: every event counts as changed", path=path))
    if by.value == ByChoice.LECTURER.value and opened.plan.programme is None:
        note(tr("{path} has no programme: no lecturer was sent a calendar of it", path=path))
    season = Season.of(opened.loaded.instance, opened.plan)
    if season.unknown:
        note(
            tr(
                "the roster of {path} has lost sessions or people of that plan, so their events can't be"
                " cancelled: put the roster back as it was, and change a copy",
                path=path,
            )
        )
    return season, not opened.differences
