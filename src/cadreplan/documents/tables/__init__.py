"""Flat tables, in CSV or on a sheet, to the tree that YAML gives."""
