"""What the catalogue knows of each data set: plain facts, of which only those of publishers are checked."""
