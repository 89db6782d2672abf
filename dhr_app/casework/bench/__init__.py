"""The ground for `dhr bench`: throw-away installations, filled in bulk, and a count of what is asked of them."""

from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.bench.ground import COORDINATOR, PASSWORD, Empty, Ground, prepare, read_a_sign_in

__all__ = ["COORDINATOR", "PASSWORD", "Empty", "Ground", "count_queries", "prepare", "read_a_sign_in"]
