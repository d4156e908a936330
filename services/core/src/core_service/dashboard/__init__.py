"""The first screen: the caseload at a glance, and what was recorded last."""
