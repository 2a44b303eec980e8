"""Discussion groups: those who attend a session, divided so that each group mixes what it should."""
