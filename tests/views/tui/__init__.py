"""Tests of the view that one walks through."""
