"""The callbacks of frameworks; each module imports its framework."""
