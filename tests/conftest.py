"""Tests are in English, whatever language the machine speaks; those of another language ask for it.

Drawn instances are the same in every run, so that a change is judged by itself; HYPOTHESIS_PROFILE=default
draws others each time, to look for what nobody has seen.

Signals end what they are sent to, also where the suite was started with `nohup` or in the background of a
script, from which processes inherit that they ignore some.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
