"""Tests are in English, whatever language the machine speaks; those of another language ask for it."""

from __future__ import annotations

import os

for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
