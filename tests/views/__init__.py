"""Tests of the views: rows, and the screens made of them."""
