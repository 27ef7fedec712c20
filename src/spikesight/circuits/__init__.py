"""Event-driven circuits: populations, projections, plasticity, and two engines that run them, equal bit for bit."""
