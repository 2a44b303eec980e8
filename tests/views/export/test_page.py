"""The page as text: complete, sound, and the same whatever things are called."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest

from cadreplan.language import Language, using
from cadreplan.views.export.page import pages
from cadreplan.views.export.pictures import travel_map
from cadreplan.views.season import Season
from cadreplan.views.wording import plain
from tests.views.export.base import HOSTILE, hostile, season, taught

VOID = {"meta", "input", "br", "link", "img"}


class Read(HTMLParser):
    """Tags with their attributes, ids, links and the text between; checks that tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(sorted(name for name, _ in attrs))] += 1
        for name, value in attrs:
            assert value is not None or name == "hidden"
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self._open[-1:] == ["script"] else self.texts).append(data)


def read(what: Season, whole: int = 1000) -> dict[str, Read]:
    return {name: Read(data.decode()) for name, data in pages(what, "plan.html", whole).items()}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("whole", [1000, 0], ids=["whole", "split"])
def test_every_link_leads_somewhere_and_ids_are_unique(language: Language, whole: int) -> None:
    with using(language):
        found = read(taught(), whole)
    for name, page in found.items():
        assert len(set(page.ids)) == len(page.ids)
        for link in page.links:
            path, _, anchor = link.partition("#")
            at = str(PurePosixPath(name).parent / unquote(path)) if path else name
            target = found[at.replace("plan.pages/../", "")]
            assert not anchor or anchor in target.ids, link


def test_a_large_branch_is_on_several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadreplan.views.export.page.PART", 1)
    found = read(season(), 0)
    assert [ids for name, page in found.items() if "people" in name for ids in page.ids[1:]] == [
        "l3",
        "l1",
        "l0",
        "l2",
    ]
    index = json.loads(found["plan.html"].scripts[0])
    assert [row[0] for row in index["branches"]] == ["总行", "东部分行", "西部分行"]
    assert len(index["pages"]) == 4
    assert {"plan.pages/people-2.html", "plan.pages/people-3.html"} <= set(found["plan.html"].links)


def test_one_page_for_few_and_parts_for_many() -> None:
    assert list(read(season())) == ["plan.html"]
    assert list(read(season(), whole=3)) == [
        "plan.html",
        "plan.pages/people-1.html",
        "plan.pages/people-2.html",
        "plan.pages/people-3.html",
        "plan.pages/site-1.html",
        "plan.pages/site-2.html",
    ]


@pytest.mark.parametrize("whole", [1000, 0], ids=["whole", "split"])
def test_everybody_and_every_session_that_is_held_is_on_it(whole: int) -> None:
    texts = " ".join(text for page in read(season(), whole).values() for text in page.texts)
    for leader in season().instance.leaders:
        assert leader.name in texts
    for session in ("S1", "S2", "S3", "S5"):
        assert session in texts
    assert "not opened: S4" in texts
    assert "1 of 1 people of WEST are away on 2026-03-20" in texts
    assert "no seat is left" in texts


@pytest.mark.parametrize("whole", [1000, 0], ids=["whole", "split"])
def test_programme_lecturers_and_what_nobody_teaches_are_on_it(whole: int) -> None:
    found = read(taught(), whole)
    main = " ".join(found["plan.html"].texts)
    session = main if whole else " ".join(found["plan.pages/site-2.html"].texts)
    assert "Modules without a lecturer" in main
    assert "nobody on the roster may teach R1" in main
    assert "nobody on the roster may teach R1" in session
    assert "Fri 03-06" in session
    for text in ("陈思远", "2 of 6", "03-02 – 03-03", "teaches nothing", "Rooms", "A102"):
        assert text in main
    index = json.loads(found["plan.html"].scripts[0])
    assert ["K1", "陈思远", "#t0"] in index["lecturers"]


def test_without_a_programme_nothing_is_said_of_lecturers() -> None:
    (page,) = read(season()).values()
    assert not {"#lecturers", "#t0"} & set(page.links)
    assert not {"lecturers", "t0"} & set(page.ids)


def test_nothing_is_loaded_and_only_its_own_script_may_run() -> None:
    for data in pages(taught(), "plan.html", 0).values():
        text = data.decode()
        assert not re.search(r"https?:|//[a-z]|@import|url\(|\bsrc=|\bstyle=|\bon[a-z]+=", text)
        assert text.count("<script") in {0, 2}
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None
        assert policy[1].startswith("default-src &#39;none&#39;;")
        assert "unsafe" not in policy[1]


def test_the_index_finds_leaders_branches_and_sessions() -> None:
    (page,) = read(season()).values()
    index = json.loads(page.scripts[0])
    assert ["L1", "林海燕", "苏州支行", 1, 0] in index["leaders"]
    assert ["东部分行", "#b1"] in index["branches"]
    assert ["S3", "常州分校, 民主评议实务", "#s2"] in index["sessions"]


def test_tables_have_captions_or_names_and_header_cells_a_scope() -> None:
    text = pages(taught(), "plan.html")["plan.html"].decode()
    assert 'lang="en"' in text
    assert not re.search(r"<th(?![a-z])(?![^>]*scope=)", text)
    assert all('role="img" aria-label=' in svg for svg in re.findall(r"<svg class=[^>]+>", text))
    with using(Language.ZH):
        assert 'lang="zh-CN"' in pages(season(), "plan.html")["plan.html"].decode()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("whole", [1000, 0], ids=["whole", "split"])
def test_names_are_text_whatever_they_look_like(name: str, whole: int) -> None:
    found, safe = read(hostile(name), whole), read(hostile("甲"), whole)
    assert found.keys() == safe.keys()
    for path, page in found.items():
        tags, usual = page.tags, safe[path].tags
        labels = ("text", ("class", "text-anchor", "x", "y"))  # a long name may have no room on the map
        assert tags - Counter({labels: tags[labels]}) == usual - Counter({labels: usual[labels]})
        assert [len(page.scripts), page.scripts[1:]] == [len(safe[path].scripts), safe[path].scripts[1:]]
        assert page.links == safe[path].links
    assert plain(name) in found["plan.html"].texts or plain(name).strip() in " ".join(
        found["plan.html"].texts
    )
    index = json.loads(found["plan.html"].scripts[0])
    assert {row[1] for row in index["leaders"]} == {plain(name)}


def test_a_map_needs_two_places() -> None:
    found = travel_map(season())
    assert found is not None
    assert [(p.name, p.is_site, p.people) for p in found.places] == [
        ("总行党校", True, 3),
        ("常州分校", True, 1),
        ("东部分行", False, 3),
        ("西部分行", False, 1),
    ]
    assert all(0 <= p.x <= 720 and 0 <= p.y <= 460 for p in found.places)
    assert found.shown == found.people == 4


def test_the_same_plan_gives_the_same_bytes() -> None:
    with using(Language.ZH):
        assert pages(season(), "plan.html", 0) == pages(season(), "plan.html", 0)
