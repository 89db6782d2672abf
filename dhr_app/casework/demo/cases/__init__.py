"""The cases of the demo, as data: between them every stage, and what makes a coordinator’s days hard."""

from dhr_app.casework.demo.cases import aside, beginning, harder, later, panel, report

CASES = (*beginning.CASES, *panel.CASES, *report.CASES, *harder.CASES, *later.CASES, *aside.CASES)
