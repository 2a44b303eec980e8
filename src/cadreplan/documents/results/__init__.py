"""What came of a rotation, as sites write it."""
