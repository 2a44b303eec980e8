"""The pricing problem: each leader's stays, and the search for the columns of best reduced worth."""
