"""The same problem solved in other ways: first come first served, greedy by priority, and as one MIP."""
