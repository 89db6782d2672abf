"""Which browser somebody has, in words of our own: what it sends of itself is read, and never kept or shown."""

from __future__ import annotations

# The first that is found counts: most browsers also say that they are one or two others.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def browser_words(sent: str) -> str:
    """In words: “Firefox on Windows”; “unknown” for what calls itself something else."""
    family = next((words for mark, words in FAMILIES if mark in sent), "")
    system = next((words for mark, words in SYSTEMS if mark in sent), "")
    if not family:
        return "unknown"
    return f"{family} on {system}" if system else family
