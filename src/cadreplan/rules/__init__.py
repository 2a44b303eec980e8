"""Input rules: one file a group, all of them in `registry`; each has an id, a level, and a manual."""
