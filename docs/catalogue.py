"""The catalogues of texts: `python -m docs.catalogue` brings them up to date with the code.

    python -m docs.catalogue                      find all texts, merge them, compile
    python -m docs.catalogue --check              fail where a catalogue isn't whole and current
    python -m docs.catalogue --missing            texts without a translation, as a JSON fragment to fill in
    python -m docs.catalogue --fill FRAGMENT      take translations from {"English": "Chinese", ...}
    python -m docs.catalogue --prune              forget translations of texts that are gone

Texts are the literal arguments of `tr`, `tr_n`, `later` and `later_n` in the package and its templates, the
help of all commands, the titles and manuals of the input rules, and the descriptions in the schemas. Both
files of a language are in the repository; the same texts give the same bytes. A lock lets several people fill
in translations at the same time.
"""

from __future__ import annotations

import argparse
import ast
import fcntl
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cadreplan.language import CATALOGUES, DOMAIN, Language

PACKAGE = CATALOGUES.parent
LANGUAGES = tuple(language for language in Language if language is not Language.EN)
Text = str | tuple[str, str]
"""A text, or the forms of a text for one and for many."""

_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "tr": None,
    "later": None,
    "tr_n": (1, 2),
    "later_n": (1, 2),
}
_PLURAL = ("tr_n", "later_n")
_FIELD = re.compile(r"\{(\w*)")


class _Catalogue(Catalog):
    """A catalogue whose header says nothing that changes with the day, the machine or the tool."""

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    mime_headers = property(_headers, Catalog.mime_headers.fset)  # type: ignore[attr-defined]


def texts() -> list[Text]:
    """Every text of the package that can be translated, sorted."""
    found: set[Text] = set(_in_files())
    found.update(_in_help())
    found.update(_in_rules())
    found.update(_in_schemas())
    plural = {text[0] for text in found if isinstance(text, tuple)}
    return sorted((t for t in found if t not in plural), key=lambda t: t if isinstance(t, str) else t[0])


def _in_files() -> Iterator[Text]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from in_code(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.j2")):
        with path.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file, _KEYWORDS):
                yield message if isinstance(message, str) else (message[0], message[1])


def in_code(source: str) -> Iterator[Text]:
    """The literal texts of a module, those inside f-strings too, which Babel's own reader passes over."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            one, *many = (text for text in texts if isinstance(text, str)) if texts else ("",)
            if node.func.id in _PLURAL and many:
                yield one, many[0]
            elif one:
                yield one


def _in_help() -> Iterator[str]:
    from typer.main import get_command  # noqa: PLC0415 (as late as can be: it needs the whole package)

    from cadreplan.cli.helping import commands_of  # noqa: PLC0415
    from cadreplan.cli.main import EXAMPLES, app  # noqa: PLC0415

    for command in commands_of(get_command(app)):
        yield command.help
        yield from (what for _, what in EXAMPLES[command.name])
        for parameter in command.params:
            yield from filter(None, (getattr(parameter, "help", None), parameter.metavar))


def _in_schemas() -> Iterator[str]:
    from cadreplan.documents.schema.json_schema import descriptions  # noqa: PLC0415

    yield from descriptions()


def _in_rules() -> Iterator[str]:
    from cadreplan.rules.registry import RULES  # noqa: PLC0415
    from cadreplan.views.manual import pieces  # noqa: PLC0415

    for rule in RULES.values():
        yield rule.title
        for piece in pieces(rule.manual):
            if not piece.verbatim:
                yield piece.text


def merged(language: Language, found: Sequence[Text]) -> Catalog:
    """The catalogue with all texts found, and the translations it has; unused ones are set aside."""
    known, template = _read(language), Catalog()
    for text in found:
        template.add(text)
    known.update(template, no_fuzzy_matching=True)
    return known


def faults(language: Language, found: Sequence[Text]) -> list[str]:
    """What is wrong with the catalogue of a language, as sentences."""
    catalogue = merged(language, found)
    wrong = [f"is not in the code: {_first(m.id)!r}" for m in catalogue.obsolete.values()]
    for message in catalogue:
        if message.id:
            wrong += [f"{what}: {_first(message.id)!r}" for what in _faults_of(message)]
    po, mo = _written(catalogue)
    for path, data in zip(_paths(language), (po, mo), strict=True):
        if not path.exists() or path.read_bytes() != data:
            wrong.append(f"is not current: {path.name}")
    return wrong


def _faults_of(message: Message) -> Iterator[str]:
    said = _said(message)
    if not said:
        yield "has no translation"
        return
    if message.fuzzy:
        yield "is marked as doubtful"
    if _fields(_last(message.id)) != _fields(said):
        yield "has other {names} in its translation"


def _fields(text: str) -> set[str]:
    """Names in braces; of a text that isn't a format at all, whatever stands after a brace."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return set(_FIELD.findall(text))


def filled(catalogue: Catalog, fragment: Mapping[str, str]) -> list[str]:
    """Put translations into a catalogue; the texts of the fragment that it doesn't have."""
    unknown = []
    for text, translation in fragment.items():
        message = catalogue.get(text)
        if message is None or not text:
            unknown.append(text)
            continue
        message.string = translation if isinstance(message.id, str) else (translation,)
        message.flags.discard("fuzzy")
    return unknown


def _first(text: object) -> str:
    return text if isinstance(text, str) else str(next(iter(text)))  # type: ignore[call-overload]


def _last(text: object) -> str:
    return text if isinstance(text, str) else str(list(text)[-1])  # type: ignore[call-overload]


def _said(message: Message) -> str:
    return _first(message.string or "") if message.string else ""


def _paths(language: Language) -> tuple[Path, Path]:
    """Where the catalogue of a language is, as people edit it and as it is read."""
    folder = CATALOGUES / language.value / "LC_MESSAGES"
    return folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"


def _read(language: Language) -> Catalog:
    path, catalogue = _paths(language)[0], _Catalogue(locale=language.value, header_comment="", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            stored = read_po(file, locale=language.value)
        for message in stored:
            if message.id:
                catalogue.add(message.id, message.string, flags=message.flags)
        for message in stored.obsolete.values():
            catalogue.add(message.id, message.string, flags=message.flags)
    return catalogue


def _written(catalogue: Catalog) -> tuple[bytes, bytes]:
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalogue, width=0, no_location=True, sort_output=True)
    write_mo(mo, catalogue)
    return po.getvalue().lstrip(b"#\n "), mo.getvalue()


def _write(language: Language, catalogue: Catalog) -> None:
    for path, data in zip(_paths(language), _written(catalogue), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            new = path.with_name(f".{path.name}.new")
            new.write_bytes(data)
            new.replace(path)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else writes catalogues inside the block."""
    with (PACKAGE / "language.py").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _missing(catalogue: Catalog) -> dict[str, str]:
    return {_first(m.id): "" for m in catalogue if m.id and not _said(m)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the catalogues up to date, or say what is wrong with them; 1 if anything is."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.catalogue", description=(__doc__ or "").partition("\n")[0]
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="fail where it isn't whole and current")
    what.add_argument("--missing", action="store_true", help="print what has no translation")
    what.add_argument("--fill", metavar="FRAGMENT", type=Path, help="take translations from a JSON file")
    what.add_argument("--prune", action="store_true", help="forget translations of texts that are gone")
    parser.add_argument("--lang", choices=[str(each) for each in LANGUAGES], default=str(LANGUAGES[0]))
    asked = parser.parse_args(arguments)
    found, language = texts(), Language(asked.lang)
    if asked.check:
        wrong = [f"{each}: {fault}" for each in LANGUAGES for fault in faults(each, found)]
        sys.stdout.writelines(line + "\n" for line in wrong)
        return int(bool(wrong))
    unknown: list[str] = []
    with _alone():
        for each in LANGUAGES:
            catalogue = merged(each, found)
            if asked.prune:
                catalogue.obsolete.clear()
            if asked.fill and each is language:
                unknown = filled(catalogue, json.loads(asked.fill.read_text(encoding="utf-8")))
            if asked.missing and each is language:
                print(json.dumps(_missing(catalogue), ensure_ascii=False, indent=1))
                return 0
            _write(each, catalogue)
            open_ = len(_missing(catalogue))
            print(f"{each}: {len(found)} texts, {open_} to translate, {len(catalogue.obsolete)} set aside")
    for text in unknown:
        print(f"not in the code: {text!r}")
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
