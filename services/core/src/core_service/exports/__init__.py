"""Cases and activities as files, as long as they may be."""
