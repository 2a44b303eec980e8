"""Column generation: one exact search a leader inside, a linear programme over whole plans outside."""
