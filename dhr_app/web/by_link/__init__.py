"""Behind a one-action link: a code, one action, one report, and nothing else."""

from dhr_app.web.by_link.views import room

__all__ = ["room"]
