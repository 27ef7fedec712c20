"""Looking after traces that are on disk: what is in one, what is wrong with it, mending, joining and cutting."""
