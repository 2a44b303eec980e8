"""YAML: text to trees with positions, and what its comments tell."""
