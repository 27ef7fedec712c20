"""Data sets: where they lie, how they are read, how they are split. A split is never invented silently."""
