"""`cadreplan browse`: walk through a plan with the keyboard."""

from __future__ import annotations

import sys

from cadreplan.cli.options import EncodingOption, PlanArgument, RosterOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.extras import need
from cadreplan.language import tr

NAME = "browse"
EXAMPLES = (
    ("cadreplan browse plan.json", "sessions first; 1 to 4 for sites, sessions, leaders, branches"),
    ("cadreplan browse plan.json --roster roster.yaml", "with a roster that lies elsewhere"),
)


def command(
    plan: PlanArgument,
    roster: RosterOption = None,
    encoding: EncodingOption = None,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Walk through a plan with the keyboard: sites, sessions, leaders, branches.

    Enter goes into what is under the cursor, Escape back, / searches, q quits; e on a leader tells what
    stands in the way of every session that would close one more skill gap. Needs the extra `tui`.
    """
    need("tui")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(tr("browse needs a terminal; `cadreplan show` prints what it shows"))
    from cadreplan.cli.inputs import open_plan, season_of
    from cadreplan.views.tui.app import Browser

    Browser(season_of(open_plan(plan, roster, encoding))).run()
