"""`dhr bench`: how long the case list and a review’s page take, and how much of that any page would."""

from dhr_app.web.bench.figures import Figures, in_lines
from dhr_app.web.bench.measuring import measure

__all__ = ["Figures", "in_lines", "measure"]
