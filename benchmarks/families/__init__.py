"""Kinds of roster that differ in structure, drawn from seeds, and the command that compares methods."""
