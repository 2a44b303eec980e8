"""The restricted master: column pool, interior point method, column generation, first duals."""
