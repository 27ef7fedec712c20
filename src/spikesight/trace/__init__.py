"""Traces: what a network did, as Parquet on disk, written while it runs and readable meanwhile.

`trace.writer` records, `trace.reader` answers windowed queries, `trace.probe` says what to record, `trace.schema` says
what a trace holds. Times on disk are whole ticks; a reader's answers are in seconds.
"""
