"""The command line: one command per file. A command parses, calls one public function, prints a table or JSON."""
