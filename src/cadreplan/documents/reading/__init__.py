"""Files to parsed documents: curricula, rosters, seasons, plans, histories."""
