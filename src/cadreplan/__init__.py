"""Plans training rotations: who attends which session, with a proven bound and a reason for every gap."""
