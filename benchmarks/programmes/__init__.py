"""Linear programmes of the master, taken from runs of the engine and solved by other codes as well."""
