"""Activities as users enter, correct and read them, and the timeline of a case."""
