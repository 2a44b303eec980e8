"""What an attacker or a bad day does to the program, in turn: `make attack`, not in the suite."""
