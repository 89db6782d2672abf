"""A file that cannot be taken, with the sentence that says why and how to put it right."""

from __future__ import annotations


class Unfit(Exception):
    """What was handed in is not taken. The sentence names nothing that is in the file."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
