"""Readers of event files, one format each: from bytes to an `EventStream`."""
