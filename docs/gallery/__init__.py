"""Exports and screens of the spring rotation, made by `python -m docs.gallery.make`."""
