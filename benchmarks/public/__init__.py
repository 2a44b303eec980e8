"""Public data sets as rosters, from their original files, and synthetic stand-ins of the same shape.

The originals cannot be bundled. A stand-in has the sizes and the structure of the original, but drawn values;
everything made from one says "synthetic".
"""
