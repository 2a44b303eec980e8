"""Where a plan goes: tested before the work, written whole, or to standard output."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cadreplan.cli.console import emit, err, out
from cadreplan.cli.streams import is_open
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan

STDOUT = Path("-")
_TYPED_AS_IT_IS = re.compile(r"[\w@%+=:,./~-]+")


def quoted(path: Path) -> str:
    """A path as it is typed in a shell: letters of any script need no quotes; Windows knows double ones."""
    text = str(path)
    if os.name == "nt":
        return text if _TYPED_AS_IT_IS.fullmatch(text.replace("\\", "/")) else f'"{text}"'
    return text if _TYPED_AS_IT_IS.fullmatch(text) else shlex.quote(text)


def writable(output: Path) -> None:
    """Fail before the work, not after it: a file is made in the same folder, and the name is tried."""
    from cadreplan.documents.findings import shown
    from cadreplan.documents.foreign import system_reason
    from cadreplan.documents.writing import try_out

    if output == STDOUT:
        if not is_open(sys.stdout):
            raise UsageError(tr("standard output is closed: name a file with -o"))
        return
    try:
        if output.is_dir():
            raise UsageError(tr("{output} is a folder: name a file with -o", output=output))
        if not output.parent.is_dir():
            folder = output.parent
            raise UsageError(tr("there is no folder {folder} for {file}", folder=folder, file=output.name))
        try_out(output)
    except OSError as error:
        why = system_reason(error)
        raise UsageError(tr("{output} can't be written: {why}", output=output, why=why)) from error
    except ValueError:  # a NUL
        raise UsageError(tr("{output} is no name of a file", output=shown(str(output)))) from None


def not_read(output: Path, inputs: Iterable[Path]) -> None:
    """Never write over what the command reads."""
    if _is_one_of(output, inputs):
        raise UsageError(tr("{output} is an input of this command: name another file", output=output))


def no_input(output: Path, loaded: LoadedRoster) -> None:
    """Never write over a file of the roster."""
    if _is_one_of(output, [loaded.path, *(loaded.path.parent / name for name in loaded.files)]):
        raise UsageError(tr("{output} is an input of this roster: name another file with -o", output=output))


def _is_one_of(output: Path, inputs: Iterable[Path]) -> bool:
    """Whether a file is one of others, by whatever path."""
    return output.exists() and any(path.exists() and output.samefile(path) for path in inputs)


def located(plan: Plan, loaded: LoadedRoster, output: Path) -> Plan:
    """The same plan with the roster's path as seen from the plan's folder."""
    folder = Path.cwd() if output == STDOUT else output.resolve().parent
    try:
        path = os.path.relpath(loaded.path.resolve(), folder)
    except ValueError:  # on another drive
        path = str(loaded.path.resolve())
    # bytes that are no text have no place in JSON: the roster is named with --roster then
    path = Path(path).as_posix().encode("utf-8", "replace").decode()
    return replace(plan, roster=replace(plan.roster, path=path))


def write(plan: Plan, output: Path, *, quiet: bool = False) -> Console:
    """Write the plan, keeping one that it replaces.

    The summary goes to standard output, unless the plan does.
    """
    from cadreplan.solving import save

    if output == STDOUT:
        emit(plan.to_json())
        return err()
    _keep(output, quiet=quiet)
    try:
        save(plan, output)
    except OSError as error:
        raise _rescued(plan, output, error) from error
    return out()


def _keep(output: Path, *, quiet: bool) -> None:
    """Keep what a plan replaces beside it, as `plan.json~`, and say so unless `quiet`.

    Where that can't be done it is said in any case, and the new plan takes the old one's place.
    """
    from cadreplan.cli.console import note
    from cadreplan.documents.foreign import system_reason
    from cadreplan.documents.writing import write_atomically

    kept = output.with_name(f"{output.name}~")
    try:
        if not output.is_file() or not output.stat().st_size:
            return
        write_atomically(kept, output.read_bytes())
    except OSError as error:
        why = system_reason(error)
        note(
            tr("{output} is replaced, and can't be kept as {kept}: {why}", output=output, kept=kept, why=why)
        )
        return
    if not quiet:
        note(tr("{output} was there already: it is replaced, and kept as {kept}", output=output, kept=kept))


def say_where(console: Console, output: Path) -> None:
    """Where the plan is, and what to do with it; nothing where it went to standard output."""
    from rich.text import Text

    if output == STDOUT:
        return
    line = Text("\n " + tr("written to "), style="quiet").append(str(output), style="id")
    console.print(line, soft_wrap=True)
    for verb in ("show", "check"):
        console.print(Text(f" cadreplan {verb} {output}", style="quiet"), soft_wrap=True)


def _rescued(plan: Plan, output: Path, error: OSError) -> UsageError:
    """A plan may have taken hours: where it can't be written as asked, it goes to the temporary folder."""
    from cadreplan.documents.foreign import system_reason
    from cadreplan.solving import save

    what = tr("{output} can't be written: {why}", output=output, why=system_reason(error))
    place = Path(tempfile.gettempdir())
    try:
        # a folder of its own, so that nobody can put a link in the way
        place = Path(tempfile.mkdtemp(prefix="cadreplan-plan-")) / "plan.json"
        save(plan, place)
    except OSError:
        return UsageError(tr("{what}; nor can {place}, so the plan is lost", what=what, place=place))
    return UsageError(
        tr("{what}; the plan is in {place}: move it to {output}", what=what, place=place, output=output)
    )
