"""The sentence of every code, by what it is about; `{names}` in it are figures.

A code keeps its meaning once plans have it: another meaning is another code. What a figure holds is in
`figures.FIGURES`. Some may stand beside those that the sentence has (`BESIDE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from cadreplan.language import later, later_n


@dataclass(frozen=True, slots=True)
class Plural:
    """Two forms of a sentence; the figure `by` decides which."""

    by: str
    one: str
    many: str


Sentence = str | Plural


def _by(figure: str, forms: tuple[str, str]) -> Plural:
    return Plural(figure, *forms)


ENGINES: Mapping[str, Sentence] = {
    "as-asked": later("as asked for"),
    "few-pairs": later("{pairs:,} useful pairs of leader and session, at most {most:,}"),
    "many-pairs": later("{pairs:,} useful pairs of leader and session, more than {most:,}"),
    "many-candidates": later("{candidates:,} candidates, more than {most:,}"),
}
"""Why an engine was taken."""

OBSTACLES: Mapping[str, Sentence] = {
    "no-session": later("no session teaches it"),
    "too-low": later("no session teaches it to level {level}, the highest is {highest}"),
    "begun": later("{session} has begun: who attends it stays as it was"),
    "excluded": later("the leader is excluded from {session}"),
    "other-branches": later("{session} is not open to branch {branch}"),
    "no-role": later("{session} is not open to leaders without a role"),
    "other-roles": later("{session} is not open to role {role}"),
    "held-outside": later("{session} is held on {day}, outside the horizon"),
    "held-while-away": later("{session} is held on {day}, when the leader is unavailable"),
    "held-at-other-times": later("{session} is held on {day}, when the leader is not available"),
    "stays-outside": later("with {session} the leader would stay away over {day}, outside the horizon"),
    "stays-while-away": later(
        "with {session} the leader would stay away over {day}, when the leader is unavailable"
    ),
    "stays-at-other-times": later(
        "with {session} the leader would stay away over {day}, when the leader is not available"
    ),
    "requires": later("{session} requires {modules}, which the leader has not had before {day}"),
    "repeats": later("{session} repeats {module} of {other}, which is assigned"),
    "meets": later("{session} meets {other}, which is assigned, on {day}"),
    "too-close": _by(
        "free",
        later_n(
            "between {session} and {other}, which is assigned at another site, lie {free} free day,"
            " at least {least} needed",
            "between {session} and {other}, which is assigned at another site, lie {free} free days,"
            " at least {least} needed",
        ),
    ),
    "sessions-used-up": _by(
        "sessions",
        later_n(
            "with {session} it would be {sessions} session, at most {most}",
            "with {session} it would be {sessions} sessions, at most {most}",
        ),
    ),
    "days-used-up": _by(
        "days",
        later_n(
            "with {session} it would be {days} day away, at most {most}",
            "with {session} it would be {days} days away, at most {most}",
        ),
    ),
    "trips-used-up": _by(
        "trips",
        later_n(
            "with {session} it would be {trips} trip, at most {most}",
            "with {session} it would be {trips} trips, at most {most}",
        ),
    ),
    "core-share": later(
        "with {session}, {core} of {hours} hours would be core, at least {share:.4g} of them needed"
    ),
    "methods": _by(
        "methods",
        later_n(
            "with {session} it would be {methods} teaching method in {held} modules, at least {least} needed",
            "with {session} it would be {methods} teaching methods in {held} modules, at least {least}"
            " needed",
        ),
    ),
    "not-opened": later(
        "{session} is a candidate that the plan does not open (cost {cost:,}, minimum {least})"
    ),
    "seats-taken": _by(
        "seats",
        later_n(
            "{session} has {seats} seat, {taken} of them taken",
            "{session} has {seats} seats, {taken} of them taken",
        ),
    ),
    "room-taken": _by(
        "seats",
        later_n(
            "{session} has {seats} seat in its room, {taken} of them taken",
            "{session} has {seats} seats in its room, {taken} of them taken",
        ),
    ),
    "quota-taken": _by(
        "seats",
        later_n(
            "{session} has {seats} seat for branch {branch}, {taken} of them taken",
            "{session} has {seats} seats for branch {branch}, {taken} of them taken",
        ),
    ),
    "beds-taken": _by(
        "beds",
        later_n(
            "{session} is at {site}, which has {beds} bed, {taken} of them taken on {day}",
            "{session} is at {site}, which has {beds} beds, {taken} of them taken on {day}",
        ),
    ),
    "branch-away": later(
        "{session} would take the leader away on {day}, when {away} of at most {most} people of branch"
        " {branch} are away"
    ),
    "apart-in-class": later(
        "{session} is attended by {leaders}, from whom the leader is kept apart in class"
    ),
    "apart-on-day": later(
        "{session} would take the leader away on {day}, when {leaders} is away: they are kept apart"
    ),
    "mix-forbids": later(
        "with the leader, {session} would have {people} of {there} people with {tag} {value}, which its mix"
        " forbids"
    ),
    "costs-as-much": later("{session} would cost as much as it brings: {account}"),
    "costs-more": later("{session} would cost more than it brings: {account}"),
    "both-bring": later("{earlier} and {session} together would bring {points:+,} points"),
    "could-be-added": later("{session} could be added, and the plan does without it"),
    "both-could-be-added": later("{earlier} and {session} could be added, and the plan does without them"),
}
"""What stands between a leader and a session that would close a skill gap."""

HALF_DAYS: Mapping[str, Sentence] = {
    "no-kind": later("nobody on the roster may teach {module}; add a {kinds} for {module}"),
    "site": later("{lecturers} may teach {module} at other sites only; let one come to {site}"),
    "unavailable": _by(
        "able",
        later_n(
            "{lecturers} is not available on {day}; {lecturer} on that day would do",
            "{lecturers} are not available on {day}; {lecturer} on that day would do",
        ),
    ),
    "load": _by(
        "able",
        later_n(
            "{lecturers} has no half day left; one more for {lecturer} would do",
            "{lecturers} have no half day left; one more for {lecturer} would do",
        ),
    ),
    "busy": _by(
        "able",
        later_n(
            "{lecturers} teaches elsewhere on {half_day}; one more {kinds} would do",
            "{lecturers} teach elsewhere on {half_day}; one more {kinds} would do",
        ),
    ),
    "held": later("nobody taught it"),
}
"""Why nobody teaches a half day. The codes are those that plans of version 1 have before a colon."""

ACCOUNT: Mapping[str, str] = {
    "gaps": later("{points:+,} for skill gaps"),
    "prefers": later("{points:+,} for wishes"),
    "underfill": later("{points:+,} for people below a minimum"),
    "together": later("{points:+,} for who is together"),
    "hours": later("{points:+,} for study hours"),
    "norm": later("{points:+,} for norms"),
    "wait": later("{points:+,} for not being left out"),
    "travel": later("{points:+,} for travel"),
    "days": later("{points:+,} for days away"),
}
"""What points of an `account` are for, in the order in which they are said."""

RAISED: Mapping[str, Plural] = {
    "sessions": _by("by", later_n("one more session", "{by} more sessions")),
    "days": _by("by", later_n("one more day away", "{by} more days away")),
    "trips": _by("by", later_n("one more trip", "{by} more trips")),
}
"""By how much the limits of a leader are raised, in the order in which they are said."""

CHANGES: Mapping[str, Sentence] = {
    "not-apart": later("{leader} not kept apart from {leaders}"),
    "no-mix": later("no mix that {session} must have"),
    "opened": later("{session} opened"),
    "opened-for": later("{session} opened for {leader}"),
    "completed-before": later("{modules} completed by {leader} before"),
    "more-seats": _by("seats", later_n("one more seat in {session}", "{seats} more seats in {session}")),
    "larger-room": later("a room with {seats} seats instead of {now} for {session}"),
    "larger-room-and-class": later(
        "a room with {seats} seats instead of {now} for {session}, and as many seats in the session"
    ),
    "larger-quota": _by(
        "seats",
        later_n(
            "one more seat for branch {branch} in {session}",
            "{seats} more seats for branch {branch} in {session}",
        ),
    ),
    "larger-quota-named": _by(
        "seats",
        later_n("one more seat for {place} in {session}", "{seats} more seats for {place} in {session}"),
    ),
    "more-beds": _by("beds", later_n("one more bed at {site}", "{beds} more beds at {site}")),
    "more-beds-named": _by("beds", later_n("one more bed at {place}", "{beds} more beds at {place}")),
    "more-away": _by(
        "people",
        later_n(
            "one more person of {branch} away on one day",
            "{people} more people of {branch} away on one day",
        ),
    ),
    "more-away-named": _by(
        "people",
        later_n(
            "one more person of {place} away at a time",
            "{people} more people of {place} away at a time",
        ),
    ),
    "more-allowed": later("{raised} allowed to {leader}"),
    "may-be-away": later("{leader} may be away on {dates}"),
    "seat-before": later("a seat in {earlier} before {session} for {leader}"),
    "one-run-more": later("one more run of {session} at {place}, {span}: {titles}"),
}
"""Changes of the data that would close a skill gap or bring points."""

NOTES: Mapping[str, Sentence] = {
    "horizon": later("the horizon is {range}"),
    "is-unavailable": later("unavailable: {range}"),
    "is-available": later("available: {ranges}"),
    "never-available": later("available: on no day"),
    "in-all": _by(
        "more_days",
        later_n(
            "in all {points:+,} points, for {km:,} km and {more_days} day away",
            "in all {points:+,} points, for {km:,} km and {more_days} days away",
        ),
    ),
}
"""What a planner asks next about an obstacle."""

GIVEN_UP: Mapping[str, Sentence] = {
    "left-roster": later("{leader} has left the roster"),
    "cancelled": later("{session} is cancelled"),
    "too-few": later("{session} can't run with {people} people, it needs {least}"),
    "lacks-mix": later("{session} would not have the mix it must have"),
    "leads-nowhere": later("{session} leads up to no session of the leader any more"),
    "closes-nothing": later("{session} closes no skill gap of the leader any more"),
    "runs-too-often": later("{offering} may run {most} times only"),
    "no-room-left": later("there is no room left for {session}"),
    "opened-no-more": later("{session} is not opened any more"),
    "worth-a-move": later("all in all worth more than the {points:,} points of a move"),
    "worth-a-move-to": later(
        "all in all worth more than the {points:,} points of a move; the leader has {has}"
    ),
}
"""Why an assignment of the plan before was given up; that may also be an obstacle."""

SENTENCES: Mapping[str, Sentence] = {
    **ENGINES,
    **OBSTACLES,
    **HALF_DAYS,
    **CHANGES,
    **NOTES,
    **GIVEN_UP,
}
"""Every code."""

_REACHED = frozenset(("lacking", "others"))

BESIDE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(ENGINES, frozenset(("failure",))),
    **dict.fromkeys(OBSTACLES.keys() - {"no-session", "too-low"}, _REACHED),
    **dict.fromkeys(
        ("seats-taken", "room-taken", "quota-taken", "beds-taken", "branch-away"), _REACHED | {"needed"}
    ),
    "site": frozenset(("able",)),
    **dict.fromkeys(("opened", "opened-for"), frozenset(("beyond",))),
}
"""Code → figures that it may have beside those of its sentence."""


def figures_of(code: str) -> frozenset[str]:
    """The figures that a code must have."""
    sentence = SENTENCES[code]
    texts = (sentence,) if isinstance(sentence, str) else (sentence.one, sentence.many)
    named = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return frozenset(named if isinstance(sentence, str) else {*named, sentence.by})
