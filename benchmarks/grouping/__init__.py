"""Discussion groups beside other ways to divide people, and the maximally diverse grouping problem."""
