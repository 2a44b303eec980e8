"""Every code has a sentence in both languages that its figures fit, and is read as it was written."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings

from cadreplan.language import Language, tr, tr_n, using
from cadreplan.messages import Message
from cadreplan.messages.figures import FIGURES, Kind, of_json, to_json, wrongs
from cadreplan.messages.saying import say, with_code
from cadreplan.messages.texts import (
    ACCOUNT,
    BESIDE,
    CHANGES,
    ENGINES,
    GIVEN_UP,
    HALF_DAYS,
    NOTES,
    OBSTACLES,
    RAISED,
    SENTENCES,
    Plural,
    figures_of,
)
from cadreplan.views.wording import printable
from tests.draws import examples
from tests.messages.drawn import messages

SOURCE = Path(__file__).resolve().parents[2] / "src" / "cadreplan"
BEFORE = {"code": "requires", "session": "S", "day": "2026-03-09", "modules": [["M"]]}
SEATS = Message.of("seats-taken", session="S1", seats=3, taken=3)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_code_has_a_sentence_in_both_languages_with_its_figures(code: str) -> None:
    sentence = SENTENCES[code]
    with using(Language.ZH):
        if isinstance(sentence, Plural):
            chinese = tr_n(
                sentence.one, sentence.many, 2, **{name: _Named(f"{{{name}}}") for name in figures_of(code)}
            )
        else:
            chinese = tr(sentence)
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese)
    english = sentence.many if isinstance(sentence, Plural) else sentence
    assert _names(chinese) == _names(english)
    assert figures_of(code) | BESIDE.get(code, frozenset()) <= FIGURES.keys()


class _Named(str):
    """Shows as itself, whatever the format."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_code_is_in_two_tables() -> None:
    tables = (ENGINES, OBSTACLES, HALF_DAYS, CHANGES, NOTES, GIVEN_UP)
    assert sum(map(len, tables)) == len(SENTENCES)


def test_no_figure_is_documented_that_no_code_has() -> None:
    used = {name for code in SENTENCES for name in figures_of(code)}
    assert used.union(*BESIDE.values()) == FIGURES.keys()


def test_every_code_that_is_made_has_a_sentence_and_every_sentence_is_made() -> None:
    made, ends = set(), set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and path.parent.name != "messages"
            ):
                made.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                ends.add(node.values[0].value)
    assert {"held-", "stays-"} <= ends
    parts = {code.partition("-")[2] for code in SENTENCES if code.startswith(("held-", "stays-"))}
    assert parts <= made
    whole = {code for code in SENTENCES if not code.startswith(("held-", "stays-"))}
    assert whole <= made
    called = {
        node.args[0].value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) == ("Message", "of")
        and isinstance(node.args[0], ast.Constant)
    }
    assert called <= SENTENCES.keys()


@settings(max_examples=examples(400))
@given(messages(SENTENCES))
def test_what_is_written_is_read_and_can_be_said(message: Message) -> None:
    written = json.loads(json.dumps(to_json(message)))
    assert list(wrongs(written)) == []
    assert of_json(written) == message
    for language in Language:
        with using(language):
            said = say(message)
            assert said
            assert with_code(message) == f"{message.code}: {said}"


def test_sentences_of_older_plans_are_said_as_they_are() -> None:
    assert (say("S1 is full {x} %s"), say(""), say(None)) == ("S1 is full {x} %s", "", "")
    assert with_code("load: nobody") == "load: nobody"


def test_what_stands_beside_is_said_too() -> None:
    lacking = Message.of("requires", session="S2", modules=(("M1", "M2"), ("M3",)), day="2026-03-09")
    told = SEATS.having(lacking=lacking, needed=2, others=1)
    assert say(told) == (
        "S2 requires M1 or M2, M3, which the leader has not had before 2026-03-09; S1 has 3 seats, 3 of them"
        " taken, 2 needed; the other that teaches it gets no farther"
    )
    assert say(Message.of("as-asked", failure="it {broke}")) == "as asked for; it {broke}"
    assert say(Message.of("opened", session="S", beyond="O")) == "S opened, one run more of O"


def test_many_lecturers_are_counted() -> None:
    load = Message.of("load", lecturers=("K1", "K2", "K3"), able=5, lecturer="K2")
    assert say(load) == "K1, K2, K3 and 2 more have no half day left; one more for K2 would do"
    one = Message.of("busy", lecturers=("K1",), able=1, half_day="2026-03-09 pm", kinds=("dean", "tutor"))
    assert say(one) == "K1 teaches elsewhere on 2026-03-09 pm; one more dean or tutor would do"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"code": "no-such"}, ("code",)),
        ({"code": 7}, ("code",)),
        ({"code": "few-pairs"}, ("code",)),
        ({"seats": "3"}, ("seats",)),
        ({"seats": -1}, ("seats",)),
        ({"seats": True}, ("seats",)),
        ({"seats": 3.5}, ("seats",)),
        ({"seats": 10**400}, ("seats",)),
        ({"seats": None}, ("seats",)),
        ({"session": ""}, ("session",)),
        ({"session": "\x1b[31m"}, ("session",)),
        ({"session": ["S1"]}, ("session",)),
        ({"session": "x" * 141}, ("session",)),
        ({"branch": "B"}, ("branch",)),
        ({"nonsense": 1}, ("nonsense",)),
        ({"lacking": "S2 requires M1"}, ("lacking",)),
        ({"lacking": {"code": "seats-taken"}}, ("lacking", "code")),
        ({"lacking": BEFORE | {"modules": ["M"]}}, ("lacking", "modules")),
        ({"lacking": BEFORE | {"day": "2026-02-30"}}, ("lacking", "day")),
        ({"lacking": BEFORE | {"lacking": BEFORE}}, ("lacking", "lacking")),
    ],
)
def test_what_is_wrong_with_a_message_has_its_place(
    change: dict[str, object], where: tuple[str, ...]
) -> None:
    found = list(wrongs({**to_json(SEATS), **change}, OBSTACLES))
    assert [path for path, _ in found] == [where]
    assert "\x1b" not in found[0][1]


def test_a_message_inside_a_message_ends_there() -> None:
    inner: dict[str, object] = dict(BEFORE)
    for _ in range(5000):
        inner = {**inner, "lacking": inner}
    found = list(wrongs({**to_json(SEATS), "lacking": inner}))
    assert [path for path, _ in found] == [("lacking", "lacking")]


def test_what_is_missing_is_said() -> None:
    ((path, what),) = wrongs({"code": "seats-taken", "session": "S1", "seats": 3})
    assert (path, what) == ((), "seats-taken: the figure taken is missing")


def test_nothing_in_figures_steers_a_terminal() -> None:
    evil = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e"
    for message in (
        SEATS.having(session=evil),
        Message.of("apart-in-class", session="S", leaders=(evil, "L1")),
        Message.of("as-asked", failure=evil),
        Message.of("mix-forbids", session="S", people=1, there=2, tag=evil, value=evil),
    ):
        said = printable(say(message))
        assert said.isprintable()
        assert "owned" in said


def test_tables_of_points_say_each() -> None:
    for term in ACCOUNT:
        assert "+1,000" in say(Message.of("costs-more", session="S", account=((term, 1000),)))
    for limit in RAISED:
        assert "2" in say(Message.of("more-allowed", leader="L", raised=((limit, 2),)))
    nothing = Message.of("costs-as-much", session="S", account=())
    assert say(nothing) == "S would cost as much as it brings: nothing (points)"
    assert {kind for kind, _ in FIGURES.values()} == set(Kind)
