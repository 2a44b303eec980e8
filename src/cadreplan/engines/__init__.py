"""Engines that turn an instance into a solution with a proven bound."""
