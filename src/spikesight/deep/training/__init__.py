"""Training of deep spiking networks: steps, schedules, checkpoints."""
