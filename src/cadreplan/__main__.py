"""`cadreplan`, and `python -m cadreplan`."""

import signal
import sys


def run() -> None:
    """Load the command line and run it.

    An interrupt while it loads ends the process at once and in silence.
    """
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cadreplan.cli.main import run as loaded  # noqa: PLC0415 (what takes its time)

    if usual:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        loaded()
    except KeyboardInterrupt:  # before a command began, or after it was done
        sys.exit(130)


if __name__ == "__main__":
    run()
