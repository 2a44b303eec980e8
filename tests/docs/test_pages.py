"""The pages are true: links lead somewhere, code runs, files validate, and what is named exists."""

from __future__ import annotations

import itertools
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from cadreplan.cli.main import COMMANDS
from cadreplan.insight.obstacles import Step
from cadreplan.plan import Terms
from cadreplan.verification.rules import RULES
from tests.cli.base import Cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/README.md")])
_FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FUNCTION = re.compile(r"`(?:(\w+)\.)?(\w+)`")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _blocks(name: str, language: str) -> list[tuple[str, str]]:
    """(what is written after the language, content) of each block of code."""
    return re.findall(rf"^```{language} ?(.*?)\n(.*?)^```$", _text(name), re.DOTALL | re.MULTILINE)


@cache
def _anchors(page: Path) -> set[str]:
    """The places in a page that a link can name, as GitHub names them."""
    prose = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere."""
    found = []
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            found.append(link)
    return found


_CITED = re.compile(r"([\w.-]+\.md)(?:\)|`)?,? (sections? \d[\d., and]*|\"[^\"]+\")")


def false_citations(text: str) -> list[str]:
    """What a source cites of a page and isn't there: a heading that it lacks, or a number, which none has."""
    found = []
    for name, cited in _CITED.findall(re.sub(r"\s+", " ", text)):
        page = ROOT / "docs" / name
        headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE) if page.exists() else []
        if cited.strip('"') not in headings:
            found.append(f"{name}, {cited}")
    return found


def test_sources_cite_sections_that_exist() -> None:
    sources = [
        path for folder in ("src", "benchmarks", "docs", "tests") for path in ROOT.glob(f"{folder}/**/*.py")
    ]
    cited = {path: false_citations(path.read_text("utf-8")) for path in sources if path != Path(__file__)}
    assert {path: wrong for path, wrong in cited.items() if wrong} == {}


@pytest.mark.parametrize(
    ("text", "n_wrong"),
    [
        ('as model.md, "Hard rules", says', 0),
        ('(format.md,\n"offering")', 0),
        ('as model.md, "Soft rules", says', 1),
        ("(format.md, section 2)", 1),
        ("format.md, sections 3 and 4", 1),
        ('no_such_page.md, "Worth"', 1),
    ],
)
def test_a_citation_of_nothing_is_found(text: str, n_wrong: int) -> None:
    assert len(false_citations(text)) == n_wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# One word\n```\n# Not this\n```\n", encoding="utf-8")
    page = tmp_path / "a.md"
    page.write_text(
        "[1](b.md) [2](b.md#one-word) [3](b.md#not-this) [4](c.md) [5](#here)\n", encoding="utf-8"
    )
    assert broken_links(page) == ["b.md#not-this", "c.md", "#here"]


def test_the_code_of_the_python_page_runs_and_draws_its_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("examples", "curricula"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "python.md"}
    blocks = _blocks("docs/python.md", "python")
    assert len(blocks) >= 5
    for _, code in blocks:
        exec(compile(code, "docs/python.md", "exec"), names)
    closed = names["closed"]
    assert isinstance(closed, list)
    steps = [n for n, (a, b) in enumerate(itertools.pairwise(closed), 1) if b > a]
    alt = f"steps at {', '.join(map(str, steps[:-1]))} and {steps[-1]} days"
    assert alt in _text("docs/python.md")
    drawn, kept = ((p / "coverage.svg").read_text("utf-8") for p in (tmp_path, ROOT / "docs"))
    assert _points(drawn) == _points(kept)


def _points(svg: str) -> list[str]:
    """The line of a picture by matplotlib, without what depends on its version."""
    (line,) = re.findall(r'<g id="line2d_\d+">\s*<path d="([^"]+)" clip-path[^>]*stroke-width: 1.5', svg)
    return [f"{float(number):.0f}" for number in re.findall(r"-?[0-9.]+", line)]


def test_the_files_of_the_planners_page_give_the_plan_it_tells_of(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = "docs/planner.md"
    for name, text in [*_blocks(page, "yaml"), *_blocks(page, "csv")]:
        Path(name).write_text(text, encoding="utf-8")
    cli = Cli(capsys)
    ran = cli("validate", "roster.yaml")
    assert ran.code == 0
    for _, shown in _blocks(page, "text"):
        assert all(line in ran.out for line in shown.splitlines())
    for _, commands in _blocks(page, "sh"):
        for line in commands.splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] == "cadreplan"
            ran = cli(*words[1:])
            assert ran.code == 0, line + ran.err
            if line == "cadreplan solve roster.yaml -o plan.json":
                figures = ran.out
    text = _text(page)
    for told, shown in (
        ("9 of 12 skill gaps", r"skill gaps closed +9 of 12"),
        ("the worth is 57,455", r"worth 57,455"),
        ("S1 runs with 2 people, one below its minimum", r"S1 .* 2/5 +minimum 3"),
    ):
        assert told in " ".join(text.split())
        assert re.search(shown, figures)


def test_every_reason_has_its_advice() -> None:
    codes = {step.code for step in Step if step is not Step.NONE}
    assert codes <= set(re.findall(r"^\| `([\w-]+)` \|", _text("docs/planner.md"), re.MULTILINE))


def test_every_rule_and_term_is_in_the_model() -> None:
    rows = re.findall(r"^\| (\w+) \|", _text("docs/model.md"), re.MULTILINE)
    assert [row for row in rows if row not in ("rule", "term")] == [*RULES, *Terms.__dataclass_fields__]


def test_the_functions_and_tests_that_the_model_names_exist() -> None:
    source = ROOT / "src" / "cadreplan"
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    check = "".join(
        (source / "verification" / name).read_text(encoding="utf-8")
        for name in ("rules.py", "terms.py", "norms.py", "cohorts.py")
    )
    lines = [line for line in _text("docs/model.md").splitlines() if "`test_" in line]
    assert len(lines) > 20
    for line in lines:
        cells = [cell for cell in re.split(r" \| ", line) if "`" in cell]
        for n, cell in enumerate(cells[-4:] if line.startswith("|") else cells):
            for module, name in _FUNCTION.findall(cell):
                if name.startswith("test_"):
                    assert f"def {name}(" in tests, name
                elif module:
                    files = list((source / "engines").rglob(f"{module}.py"))
                    assert any(f"def {name}(" in file.read_text(encoding="utf-8") for file in files), name
                elif n == 0 and line.startswith("|"):
                    assert f"def {name}(" in check, name


def test_the_readme_names_what_there_is() -> None:
    text = _text("README.md")
    makefile = _text("Makefile")
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile
    commands = set(re.findall(r"cadreplan (\w+)", " ".join(code for _, code in _blocks("README.md", "sh"))))
    assert commands
    assert commands <= {module.NAME for module in COMMANDS}


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_whoever_follows_a_readme_can_solve(page: str) -> None:
    """The package alone validates and checks: what is installed first has the solvers too."""
    lines = [line for line in _text(page).splitlines() if re.search(r"\bpipx? install ['\".]", line)]
    assert lines
    assert all("[solve" in line for line in lines if "without solvers" not in line)


def test_decisions_are_numbered_without_gaps_and_have_all_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert "**Choice.**" in text
        assert re.search(r"\*\*Reasons?\.\*\*", text)
        assert "**Alternatives.**" in text
