"""The instance as integers: flat arrays for kernels, and the linking constraints of its leaders."""
