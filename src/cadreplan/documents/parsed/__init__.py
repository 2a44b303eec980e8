"""Documents as rules and the builder see them: typed rows, and what follows from several of them."""
