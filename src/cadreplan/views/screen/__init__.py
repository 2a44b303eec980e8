"""Views drawn in the terminal with Rich; each renderable fits itself to the width it is given."""
