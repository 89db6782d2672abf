"""The rule book: pure; given facts and dates it says yes, no, or not yet, and why."""
