"""`docs/cli.md`: every command with its arguments, options and examples, from the command line itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any, get_args, get_type_hints

import typer

from cadreplan.cli.main import COMMANDS, app
from cadreplan.cli.options import unwrapped

_HEAD = """# Commands

`cadreplan COMMAND --help` shows the same. `cadreplan --install-completion` makes the shell complete commands
and options.

Data goes to standard output, everything else to standard error; machine formats are UTF-8 wherever they go.
`--lang en` and `--lang zh` choose the language of texts, labels and help, wherever they stand on the line;
without them it is that of the locale, the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set. Ids,
codes, keys of machine formats, exit codes and plans are the same in every language.

Colour is used on terminals and where `FORCE_COLOR` or `CLICOLOR_FORCE` asks for it, never if `NO_COLOR` is
set; `--color always` overrules them all. The layout follows the stream alone: live progress and drawn
findings are for terminals. A console whose
encoding lacks a character gets a simpler one.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the tool ran and the answer is bad: findings, violations |
| 2 | it could not run: usage, an unreadable file, an internal error (`CADREPLAN_DEBUG=1` shows where) |
| 3 | the pins contradict each other, proven, with the pins named |
| 4 | no plan was found within the limit |
| 130 | interrupted before there was a plan |
"""


def page() -> str:
    """The whole page."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    return "\n".join([_HEAD, *(_command(module, commands[module.NAME]) for module in COMMANDS)])


def _command(module: ModuleType, command: Any) -> str:
    parts = [f"## cadreplan {module.NAME}", unwrapped(inspect.getdoc(module.command) or "")]
    choices = _choices(module)
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join(
        ["cadreplan", module.NAME, *(a.metavar or a.name.upper() for a in arguments), "[OPTIONS]"]
    )
    parts.append(f"```\n{usage}\n```")
    rows = [f"| `{a.metavar or a.name.upper()}` | {_text(a, choices)} |" for a in arguments]
    rows += [f"| {_names(o)} | {_text(o, choices)} |" for o in options]
    parts.append("\n".join(["| argument or option | meaning |", "|---|---|", *rows]))
    examples = "\n".join(f"# {what}\n{line}" for line, what in module.EXAMPLES)
    parts.append(f"```sh\n{examples}\n```")
    return "\n\n".join(parts) + "\n"


def _names(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(option.opts, key=len))
    return names if option.is_flag or not option.metavar else f"{names} `{option.metavar}`"


def _text(parameter: Any, choices: dict[str, list[str]]) -> str:
    return " ".join(_sentences(parameter, choices)).replace("|", "\\|")


def _sentences(parameter: Any, choices: dict[str, list[str]]) -> Iterator[str]:
    yield parameter.help
    if parameter.name in choices:
        yield "One of " + ", ".join(f"`{choice}`" for choice in choices[parameter.name]) + "."
    default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    if not parameter.required and default is not None and not isinstance(default, bool) and str(default):
        yield f"Default: `{default}`."


def _choices(module: ModuleType) -> dict[str, list[str]]:
    """Parameter → its choices, where it has some."""
    hints = get_type_hints(module.command)
    kinds = {name: [t for t in (hint, *get_args(hint)) if inspect.isclass(t)] for name, hint in hints.items()}
    return {
        name: [str(member.value) for member in kind]
        for name, found in kinds.items()
        for kind in found
        if issubclass(kind, Enum)
    }
