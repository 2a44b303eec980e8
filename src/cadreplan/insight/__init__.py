"""What a plan means: why skill gaps stay open, what would mend it, and what changes between plans."""
