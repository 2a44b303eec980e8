"""The half days of running sessions: which module when, and who teaches it."""
