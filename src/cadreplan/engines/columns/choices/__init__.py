"""Which candidates run in which rooms: Benders cuts, their strengthening, and the modes chosen."""
