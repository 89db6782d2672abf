"""The steering report as one HTML file that needs nothing beside it: to be kept, sent and printed."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, render_template

from dhr_app.casework.steering_report import MARKING, Report
from dhr_app.web.overview.charts import BAND_WORDS, WAITS_FOR

STYLESHEET = Path("govuk") / "app.css"


def report_file(app: Flask, report: Report) -> str:
    """The whole document, its stylesheet in it; the same text for the same report."""
    with app.test_request_context():
        page = render_template(
            "report_steering/file.html", report=report, links=False, bands=BAND_WORDS, waits_for=WAITS_FOR,
            marking=MARKING,
        )  # fmt: skip
    style = (Path(app.static_folder or "") / STYLESHEET).read_text(encoding="utf-8")
    return page.replace("</head>", f"<style>{style}</style>\n</head>", 1)
