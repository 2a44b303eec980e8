"""The command line as a whole: its commands, and what becomes of errors."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cadreplan.cli import (
    bottlenecks,
    browse,
    check,
    compare,
    diff,
    drill,
    explain,
    export,
    history,
    init,
    ledger,
    record,
    replan,
    rule,
    schema,
    show,
    solve,
    validate,
)
from cadreplan.cli.console import Colour, note, prepare_streams, set_colour
from cadreplan.cli.helping import Command, Group, say
from cadreplan.cli.misuse import Misuse, Misused
from cadreplan.cli.options import ColourOption, epilog, unwrapped
from cadreplan.cli.speaking import LanguageChoice, LanguageOption, asked_for
from cadreplan.cli.streams import drop_output, guarded
from cadreplan.errors import CadreplanError, InputError
from cadreplan.extras import extra_of, missing
from cadreplan.language import Language, current, tr, use

COMMANDS = (
    init,
    validate,
    solve,
    show,
    browse,
    export,
    check,
    explain,
    bottlenecks,
    drill,
    replan,
    diff,
    compare,
    record,
    history,
    ledger,
    rule,
    schema,
)
"""The modules of the commands, in the order of the help: each has NAME, EXAMPLES and command."""

EXAMPLES = {
    "cadreplan": (
        ("cadreplan init demo && cadreplan solve demo/roster.yaml", "from nothing to a first plan"),
        ("cadreplan COMMAND --help", "each command with its examples"),
    ),
    **{module.NAME: module.EXAMPLES for module in COMMANDS},
}
"""The examples of the program and of each command."""

app = typer.Typer(
    name="cadreplan",
    cls=Group,
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=epilog(EXAMPLES["cadreplan"]),
)
for module in COMMANDS:
    app.command(
        module.NAME,
        cls=Command,
        help=unwrapped(module.command.__doc__ or ""),
        epilog=epilog(module.EXAMPLES),
    )(module.command)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"cadreplan {version('cadreplan')}")
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Plan training rotations: who attends which session, proven good, with a reason for what stays open."""
    if ctx.invoked_subcommand is None:
        raise Misused(tr("Missing command."), ctx)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    0 done; 1 the answer is bad; 2 could not run, whatever went wrong; 3 contradictory pins; 4 no plan within
    the limit; 130 interrupted before there was a plan. With CADREPLAN_DEBUG=1 errors show where they arose.
    """
    line = sys.argv[1:] if arguments is None else list(arguments)
    set_colour(Colour.AUTO)
    with guarded():
        prepare_streams()
        before = current()
        use(asked_for(line, os.environ, _configured))
        try:
            code = _run(line)
            if arguments is None:
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # the answer is there
            sys.exit(code)
        finally:
            use(before)


def _configured() -> str:
    """The language of the configuration that counts in the working folder."""
    from cadreplan.loading.config_file import configured_language

    try:
        return configured_language(Path.cwd())
    except OSError:  # the folder is gone
        return ""


def _run(line: Sequence[str]) -> int:
    """The exit code of a line, whatever happens."""
    command = typer.main.get_command(app)
    if current() is not Language.EN:
        say(command, EXAMPLES)
    try:
        code = command(args=line, prog_name="cadreplan", standalone_mode=False) or 0
        sys.stdout.flush()
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 (never a traceback, never exit code 1)
        if os.environ.get("CADREPLAN_DEBUG") == "1":
            import traceback

            traceback.print_exception(error)
        return _told(error)
    return int(code)


def _told(error: BaseException) -> int:
    """The exit code of an error, after people were told of it."""
    code = 2
    if isinstance(error, Misuse):
        from cadreplan.cli.drawing import show_misuse

        show_misuse(error)
        return int(error.exit_code)
    if isinstance(error, InputError):
        from cadreplan.cli.inputs import show_findings

        show_findings(error.diagnostics)
        return error.exit_code
    if isinstance(error, CadreplanError):
        code = error.exit_code
    elif isinstance(error, KeyboardInterrupt | typer.Abort):
        return 130
    elif isinstance(error, OSError):
        drop_output()
        if isinstance(error, BrokenPipeError):
            return code  # who reads has seen enough
    _say(error)
    return code


def _say(error: BaseException) -> None:
    if isinstance(error, CadreplanError):
        note(str(error))
    elif isinstance(error, ModuleNotFoundError) and (extra := extra_of(error.name or "")):
        note(str(missing(extra)))
    elif isinstance(error, MemoryError):
        note(tr("there is not enough memory"))
    elif isinstance(error, OSError):
        from cadreplan.documents.foreign import system_reason

        note(f"{error.filename}: {system_reason(error)}" if error.filename else system_reason(error))
    else:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        note(tr("internal error, {what} (CADREPLAN_DEBUG=1 shows where)", what=what))
