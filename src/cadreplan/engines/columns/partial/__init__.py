"""Seasons of many candidates: instances restricted to a part of them, and duals extended to the whole."""
