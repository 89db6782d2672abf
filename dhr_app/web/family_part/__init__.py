"""How each family member takes part."""

from dhr_app.web.family_part.views import room

__all__ = ["room"]
