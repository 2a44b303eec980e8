"""Files to typed documents, with the position of every value, and from there to an instance."""
