"""Plans: greedy insertion, diving, restricted master MIPs, large neighbourhood search, repair."""
