"""See README.md and claim.json in this folder."""
