"""The least a page of fifty rows can cost: the same shell and filter form, one sign-in row read, fifty plain rows."""

from __future__ import annotations

from flask import Flask, render_template

from dhr_app.casework.bench import Ground, read_a_sign_in
from dhr_app.casework.case_list import PAGE, CaseList, Filters
from dhr_app.web.routes import PUBLIC
from dhr_app.workflows.stages import Stage

FLOOR = "/floor"

# The list’s own page: without reviews it is the shell and the filter form. The rows are as plain as rows can be.
TEMPLATE = """
{% extends "reviews/list.html" %}
{% block content %}
  {{ super() }}
  <table class="govuk-table">
    {%- for row in rows %}
      <tr class="govuk-table__row">
        {%- for cell in row %}<td class="govuk-table__cell">{{ cell }}</td>{% endfor %}
      </tr>
    {%- endfor %}
  </table>
{% endblock %}
"""
WAYS = ("What needs you today", "Reviews")


def lay_floor(site: Flask, ground: Ground) -> None:
    """Give the site of a throw-away installation such a page at FLOOR, open to anybody. Before its first request."""
    page = site.jinja_env.from_string(TEMPLATE)
    shell = {
        "partnership_name": "Barsetshire Community Safety Partnership",
        "support_text": "Ask your line manager for the number.",
        "signed_in": {
            "name": "Mary Thorne",
            "role": "Coordinator",
            "sign_ins_url": "/sign-ins",
            "stay_url": "/sign-ins/stay",
            "seconds": 1200,
            "last": False,
        },
        "navigation": [{"text": text, "href": "/", "active": False} for text in WAYS],
    }
    form = {
        "found": CaseList((), None, None),
        "filters": Filters(),
        "narrowed_to": [],
        "stages": [(stage.value, stage.label) for stage in Stage],
        "kinds": [(key, rule_set.name) for key, rule_set in ground.house.rule_book.rule_sets.items()],
        "links": {},
        "may_notify": True,
    }
    rows = [
        (f"DHR-2024-{number:05} DHR", "Review panel", "3 June 2026 Overview report", "Barsetshire CSP")
        for number in range(PAGE)
    ]

    def answer() -> str:
        read_a_sign_in(ground)
        return render_template(page, **shell, **form, rows=rows)

    site.add_url_rule(FLOOR, view_func=answer, permission=PUBLIC)
