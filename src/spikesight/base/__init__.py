"""Ground floor: errors, names, randomness, progress. Imports nothing of the house."""
