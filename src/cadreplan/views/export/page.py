"""A page to look at: one file that needs nothing else, or for many leaders a main page with parts beside it.

Templates escape everything; a policy in the page lets nothing run but its own script, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from cadreplan.language import current, listed, tr, tr_n
from cadreplan.views.export import page_model, page_teaching, pictures, places, teaching
from cadreplan.views.fairness import fairness_facts, norm_rows, norm_text
from cadreplan.views.heat import heat_rows
from cadreplan.views.screen.theme import fill_style
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    coverage_by_ability,
    fill_counts,
    first_level_rows,
    reason_rows,
    session_rows,
)
from cadreplan.views.wording import FILLS, made_with, period, plain, reason, share

WHOLE = 1_000
"""Leaders up to whom one page holds everything."""

PART = 1_000
"""Leaders on one part at most."""

_MAIN = "season.html.j2"
_LEGEND = tuple((style, text) for style, text in FILLS.items() if style != "closed")


def pages(season: Season, name: str, whole: int = WHOLE) -> dict[str, bytes]:
    """Path relative to the main page's folder → page; the main page is called `name` and comes first.

    With more leaders than `whole`, their lists and the cohorts are parts in the folder `STEM.pages`.
    """
    return dict(_Site(season, name, split=len(season.instance.leaders) > whole).pages())


class _Site:
    """The pages of one export and the ways between them."""

    def __init__(self, season: Season, name: str, *, split: bool) -> None:
        self._season, self._name, self._split = season, name, split
        self._folder = f"{PurePath(name).stem}.pages"
        self._groups = page_model.groups(season, PART)
        self._rows = session_rows(season)
        self._held = page_model.held(season, [row for row in self._rows if row.runs])
        self._teachers = page_teaching.teachers(season)
        self._page_of_leader = {
            person.index: k for k, group in enumerate(self._groups) for person in group.people
        }

    def pages(self) -> Iterator[tuple[str, bytes]]:
        yield self._name, self._main()
        if not self._split:
            return
        for k, group in enumerate(self._groups):
            heading = group.name if group.part == 0 else f"{group.name} {group.part + 1}"
            yield f"{self._folder}/{_people_page(k)}", self._part(heading, groups=[group], sessions=[])
        by_site: dict[int, list[page_model.Held]] = defaultdict(list)
        for held in self._held:
            by_site[self._season.instance.sessions[held.row.session].site].append(held)
        for site, sessions in sorted(by_site.items()):
            heading = self._season.instance.sites[site].name
            yield f"{self._folder}/{_site_page(site)}", self._part(heading, groups=[], sessions=sessions)

    def _main(self) -> bytes:
        season = self._season
        shown = page_model.shown_weeks(season)
        fills = listed(f"{tr(kind)} {n}" for kind, n in fill_counts(self._rows))
        prefix = f"{quote(self._folder)}/" if self._split else ""
        return self._render(
            _MAIN,
            prefix,
            split=self._split,
            tiles=page_model.tiles(season),
            coverage=coverage_by_ability(season),
            towers=pictures.skyline(season, self._rows),
            picture={"width": pictures.WIDTH, "skyline": pictures.SKYLINE, "map": pictures.MAP},
            legend=_LEGEND,
            fills=fills,
            map=pictures.travel_map(season),
            weeks=[week.label for week in shown],
            mondays=[season.dates.day(week.monday) for week in shown],
            heat=heat_rows(season, shown),
            grid=page_model.grid(season, shown),
            sessions=self._held,
            not_held=listed(row.name for row in self._rows if not row.runs),
            groups=[] if self._split else self._groups,
            branches=self._branches(prefix),
            reasons=reason_rows(season),
            teachers=self._teachers,
            load=page_teaching.load,
            unstaffed=teaching.unstaffed(season),
            rooms=places.rooms(season),
            norms=norm_rows(season),
            norm_text=norm_text,
            fairness=fairness_facts(season),
            index=self._index(prefix),
            script=Markup(_text("search.js")),
        )

    def _part(self, heading: str, **content: Any) -> bytes:
        return self._render("part.html.j2", "", heading=heading, main_href=quote(self._name), **content)

    def _render(self, template: str, prefix: str, **content: Any) -> bytes:
        main = template == _MAIN
        instance = self._season.instance
        text = (
            _environment()
            .get_template(template)
            .render(
                season=self._season,
                language=current(),
                period=period(instance.start, instance.date_of(instance.n_days - 1)),
                what_if=made_with(self._season.plan.roster.settings),
                policy=_policy(),
                style=Markup(_text("style.css")),
                share=share,
                bar=_bar,
                fill_style=fill_style,
                leader_href=self._leader_href(prefix),
                lecturer_href=f"{'' if main else '../' + quote(self._name)}#t",
                session_href=self._session_href(prefix),
                **content,
            )
        )
        return text.encode()

    def _leader_href(self, prefix: str) -> Callable[[int], str]:
        if not self._split:
            return lambda i: f"#l{i}"
        return lambda i: f"{prefix}{_people_page(self._page_of_leader[i])}#l{i}"

    def _session_href(self, prefix: str) -> Callable[[int], str]:
        if not self._split:
            return lambda s: f"#s{s}"
        return lambda s: f"{prefix}{_site_page(self._season.instance.sessions[s].site)}#s{s}"

    def _group_href(self, prefix: str, k: int) -> str:
        return f"{prefix}{_people_page(k)}" if self._split else f"#b{self._groups[k].index}"

    def _branches(self, prefix: str) -> list[tuple[Any, list[str]]]:
        links: dict[str, list[str]] = defaultdict(list)
        for k, group in enumerate(self._groups):
            if self._split or group.part == 0:
                links[self._season.instance.branches[group.index].id].append(self._group_href(prefix, k))
        return [(row, links[row.id]) for row in first_level_rows(self._season)]

    def _index(self, prefix: str) -> dict[str, Any]:
        """What the search looks through."""
        session_href = self._session_href(prefix)
        return {
            "words": {
                "none": tr("nothing is called that"),
                "some": tr("found: %1"),
                "many": tr("the first %1 of %2"),
            },
            "pages": [f"{prefix}{_people_page(k)}" if self._split else "" for k in range(len(self._groups))],
            "branches": [
                (plain(group.name), self._group_href(prefix, k))
                for k, group in enumerate(self._groups)
                if group.part == 0
            ],
            "sessions": [
                (
                    plain(held.row.name),
                    plain(listed((held.row.site, *held.row.modules))),
                    session_href(held.row.session),
                )
                for held in self._held
            ],
            "lecturers": [(who.id, plain(who.name), f"#t{who.index}") for who in self._teachers],
            "leaders": [
                (person.id, plain(person.name), plain(person.branch), k, person.index)
                for k, group in enumerate(self._groups)
                for person in group.people
            ],
        }


def _people_page(k: int) -> str:
    return f"people-{k + 1}.html"


def _site_page(site: int) -> str:
    return f"site-{site + 1}.html"


def _bar(part: int, whole: int) -> Markup:
    """A bar of 100 units; the numbers stand beside it."""
    done = round(100 * part / whole, 2) if whole else 0
    return Markup(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/><rect class="done" width="{}" height="10"/></svg>'
    ).format(done)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(tr=tr, tr_n=tr_n, listed=listed, reason=reason)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


def _shown(value: object) -> object:
    """Texts of the data without what steers instead of showing."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _text(name: str) -> str:
    return (files(__package__) / "page_files" / name).read_text(encoding="utf-8")


@cache
def _policy() -> str:
    return (
        f"default-src 'none'; style-src '{_hash('style.css')}'; script-src '{_hash('search.js')}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_text(name).encode()).digest()).decode()
