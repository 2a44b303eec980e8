"""Tests are in English, whatever language the machine speaks; those of another language ask for it.

Signals end what they are sent to, also where the suite was started with `nohup` or in the background of a
script, from which processes inherit that they ignore some. Several tests run at a time, so linear algebra
takes one thread in each: more of them wait for each other.
"""

from __future__ import annotations

import os
import signal

from tests.draws import use_profile

use_profile()

for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
