"""Seeded rosters, the peers the engines are compared with, and the runner that compares them side by side."""
