"""Where the clause index lives."""
