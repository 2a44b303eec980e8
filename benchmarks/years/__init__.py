"""Five years of rotations under three policies: who is left out, for how long, and what that costs."""
