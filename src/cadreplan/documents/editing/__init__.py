"""Changing what people wrote where it stands: plain forms, and the next roster."""
