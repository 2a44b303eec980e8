"""Files to typed documents, with the position of every value; and files changed where they stand."""
