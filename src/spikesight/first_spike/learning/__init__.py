"""Learning rules of first-spike networks, one per file: what a spike's time says about the weights."""
