"""What a plan means: why skill gaps stay open, what would help, and what changes between plans."""
