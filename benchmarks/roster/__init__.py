"""How a national roster is drawn, step by step, and how it is written in the data format."""
