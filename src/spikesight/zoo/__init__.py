"""Architectures, one per file: how published networks are wired, without the numbers of any one experiment."""
