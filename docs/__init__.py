"""The documentation; the pages that are generated come from `docs.generate`."""
