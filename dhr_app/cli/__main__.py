"""`python -m dhr_app.cli …` is `dhr …`, for whoever starts one process from another."""

from dhr_app.cli import main

main(prog_name="dhr")
