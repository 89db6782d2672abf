"""The block list of a review."""

from dhr_app.web.block_list.views import room

__all__ = ["room"]
