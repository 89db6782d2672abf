"""The outside world: one file for each thing this program does not control."""
