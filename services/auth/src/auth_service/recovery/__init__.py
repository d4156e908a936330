"""Passwords set by a link in a mail: after forgetting one, and after an invitation."""
