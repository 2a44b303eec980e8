"""The command line: each command parses, makes one call, shows the answer and sets the exit code."""
