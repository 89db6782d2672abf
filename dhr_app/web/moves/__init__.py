"""Making a move: what is still needed, whose decision it is, and its form."""

from dhr_app.web.moves.views import room

__all__ = ["room"]
