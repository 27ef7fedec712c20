"""What event cameras see: streams of events, and the files they are kept in."""
