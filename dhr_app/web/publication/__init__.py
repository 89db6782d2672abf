"""How a report is published, taken down and published again."""

from dhr_app.web.publication.views import room

__all__ = ["room"]
