"""Texts of the system and of libraries that people meet in findings, in the reader's language where known."""

from __future__ import annotations

from cadreplan.language import later, tr

KNOWN = (
    # the system
    later("No such file or directory"),
    later("Permission denied"),
    later("Is a directory"),
    later("Not a directory"),
    later("File name too long"),
    later("Too many levels of symbolic links"),
    later("No space left on device"),
    later("Read-only file system"),
    later("Input/output error"),
    later("File exists"),
    later("embedded null byte"),
    # libyaml
    later("while parsing a block collection"),
    later("while parsing a block mapping"),
    later("while parsing a flow mapping"),
    later("while parsing a flow sequence"),
    later("while parsing a node"),
    later("while scanning a block scalar"),
    later("while scanning a plain scalar"),
    later("while scanning a quoted scalar"),
    later("while scanning a simple key"),
    later("while scanning a tag"),
    later("while scanning an alias"),
    later("while scanning an anchor"),
    later("while scanning for the next token"),
    later("block sequence entries are not allowed in this context"),
    later("could not find expected ':'"),
    later("did not find expected ',' or ']'"),
    later("did not find expected ',' or '}'"),
    later("did not find expected '-' indicator"),
    later("did not find expected <document start>"),
    later("did not find expected alphabetic or numeric character"),
    later("did not find expected comment or line break"),
    later("did not find expected hexdecimal number"),
    later("did not find expected key"),
    later("did not find expected node content"),
    later("did not find expected whitespace or line break"),
    later("found a tab character that violates indentation"),
    later("found a tab character where an indentation space is expected"),
    later("found character that cannot start any token"),
    later("found invalid Unicode character escape code"),
    later("found undefined tag handle"),
    later("found unexpected ':'"),
    later("found unexpected document indicator"),
    later("found unexpected end of stream"),
    later("found unknown escape character"),
    later("mapping keys are not allowed in this context"),
    later("mapping values are not allowed in this context"),
    # Python's readers of JSON and CSV
    later("Expecting ',' delimiter"),
    later("Expecting ':' delimiter"),
    later("Expecting property name enclosed in double quotes"),
    later("Expecting value"),
    later("Extra data"),
    later("Invalid \\escape"),
    later("Invalid \\uXXXX escape"),
    later("Invalid control character at"),
    later("Unterminated string starting at"),
    later("',' expected after '\"'"),
    later("unexpected end of data"),
    later("line contains NUL"),
    # the calendar of China
    later("New Year's Day"),
    later("Spring Festival"),
    later("Tomb-sweeping Day"),
    later("Labour Day"),
    later("Dragon Boat Festival"),
    later("National Day"),
    later("Mid-autumn Festival"),
)
"""Every other text is passed on as it is."""


def system_reason(error: OSError) -> str:
    """Why the system refused."""
    return tr(error.strerror) if error.strerror else str(error)
