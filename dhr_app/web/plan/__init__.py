"""The action plan: what a review recommends, to whom, and what each agency does about it."""

from dhr_app.web.plan import action_views, link_views, progress_views, recommendation_views, views
from dhr_app.web.plan.room import room

__all__ = ["action_views", "link_views", "progress_views", "recommendation_views", "room", "views"]
