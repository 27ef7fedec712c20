"""Why does accuracy fall late in a run? A run in which something drifts, for a person to find out."""
