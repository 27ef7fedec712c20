"""`python -m spikesight` is the command `spikesight`."""

from spikesight.cli.main import main

main()
