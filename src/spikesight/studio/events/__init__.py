"""Files of events in the studio: columns on disk while they are looked at, and the views that ask about them."""
