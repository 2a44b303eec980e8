"""A plan to walk through with the keyboard: pure listings first, then the Textual view of them."""
