"""One CP-SAT model of all rules: the reference for tests, and the default where it proves optimality soon."""
