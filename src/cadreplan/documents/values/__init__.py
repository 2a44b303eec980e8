"""Single values as people write them: plain forms, names for ids, hints; trees of values to specs."""
