"""A plan as people read it: pure rows here, what draws them in the terminal in `screen`."""
