"""Runs: one folder per run with its facts (run.json), its weights and its trace. `runs.folder` is the way in."""
