"""The rules of the house, each a test: when one fails, its message says what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from dhr_app.database.base import Base, undeclared_columns
from dhr_app.database.models import Review
from dhr_app.database.registry import sealing_mistakes
from dhr_app.web.routes import PUBLIC
from dhr_app.workflows import answers, wording
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import GRANTS

ROOT = Path(__file__).parents[1]
APP = ROOT / "dhr_app"
GENERATED = ("database/migrations/versions", "static")
# One table each, which is read from top to bottom.
TABLES = {"workflows/conditions.py", "workflows/lifecycle.py", "workflows/permissions.py"}
LONGEST = 300
DOORS = ("web", "jobs.py", "cli")
DOCUMENTED = ("workflows", "casework", "database", "adapters")
KEPT = ("dhr_app", "tests", "config", "docs", "requirements", "tools", ".ci")


def fail_with(found: list[str], what_to_do: str) -> None:
    if found:
        pytest.fail(what_to_do + "\n" + "\n".join(f"  {each}" for each in found), pytrace=False)


def modules(*under: str) -> list[Path]:
    """The Python files of dhr_app, or of these parts of it, without what is generated."""
    parts = [APP / part for part in under] or [APP]
    found = [path for part in parts for path in ([part] if part.suffix else part.rglob("*.py"))]
    return sorted(path for path in found if not inside(path).startswith(GENERATED))


def inside(path: Path) -> str:
    return path.relative_to(APP).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def kept_files() -> Iterator[Path]:
    """Everything that is committed and read by people, as far as it is text."""
    for part in KEPT:
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and not {"__pycache__", "node_modules", "static"} & set(path.parts):
                yield path
    yield from (path for path in sorted(ROOT.iterdir()) if path.is_file())


def lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        yield from enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    except UnicodeDecodeError:
        return


# --- The clock, the layers, the screen --------------------------------------------------------------------------------


def test_only_the_clock_asks_what_time_it_is():
    asking = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    found = [
        f"{inside(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in modules()
        if inside(path) != "adapters/clock.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and (ast.unparse(node.value).split(".")[-1], node.attr) in asking
    ]
    fail_with(found, "Take the moment as `at=`, from the door inward; only adapters/clock.py looks at the clock:")


def test_the_doors_do_not_reach_into_the_memory():
    found = [
        f"{inside(path)}:{node.lineno}"
        for path in modules(*DOORS)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dhr_app.database"))
        or (isinstance(node, ast.Import) and any(name.name.startswith("dhr_app.database") for name in node.names))
    ]
    fail_with(found, "Let a casework function do it: web, jobs and cli do not import dhr_app.database:")


def test_nothing_prints_but_the_command_line():
    found = [
        f"{inside(path)}:{node.lineno}"
        for path in modules()
        if not inside(path).startswith("cli/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    fail_with(found, "Return it, or log it by structlog: only cli/ prints:")


def test_every_route_says_which_permission_it_asks_for(app: Flask):
    found = [
        f"{rule.endpoint} ({rule.rule})"
        for rule in app.url_map.iter_rules()
        if getattr(rule, "permission", None) not in (PUBLIC, *GRANTS)
    ]
    fail_with(found, "Give the route permission=, one of GRANTS in workflows/permissions.py:")


TEMPLATE_RULES = {
    r"\sstyle\s*=":                         "Put it into the stylesheet: the CSP forbids inline styles",
    r"<style":                              "Put it into the stylesheet: the CSP forbids inline styles",
    r"<script(?![^>]*\bsrc=)|</?script>\s*\S+": "Put it into static/app.js: the CSP forbids inline scripts",
    r"\son[a-z]+\s*=\s*[\"']":              "Put it into static/app.js: the CSP forbids inline handlers",
    r"\|\s*safe\b|autoescape\s+false":      "Escape it: what somebody typed must never be read as HTML",
    r"javascript:":                         "Use a form or a link: the CSP forbids script addresses",
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "what_to_do"), TEMPLATE_RULES.items(), ids=TEMPLATE_RULES.values())
def test_templates_hold_no_code_and_trust_nobody(pattern, what_to_do):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in sorted((APP / "templates").rglob("*.html"))
        for number, line in lines(path)
        if re.search(pattern, line)
    ]
    fail_with(found, what_to_do + ":")


# --- The models -------------------------------------------------------------------------------------------------------


def test_every_column_says_whether_it_is_sealed_or_clear_and_why():
    fail_with(undeclared_columns(Base.metadata), "Declare it: sealed_column(), clear(why=…) or code():")


def test_what_is_sealed_can_be_opened_and_every_change_is_told():
    fail_with(sealing_mistakes(Base.registry), "Put the sealing right:")


def test_no_relationship_reads_behind_one_s_back():
    found = [
        f"{mapper.class_.__name__}.{relation.key}: lazy={relation.lazy!r}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy not in ("raise", "raise_on_sql")
    ]
    fail_with(found, 'Say lazy="raise" and load it where it is asked for:')


def test_a_stage_is_set_in_one_place_only():
    assert Review.__tablename__ == "review"
    found = [
        f"{inside(path)}:{node.lineno}"
        for path in modules()
        if inside(path) not in ("casework/move.py", "database/models/review.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "stage" and "review" in ast.unparse(target.value)
    ]
    fail_with(found, "Make a move: casework.move.advance alone sets a stage:")


# --- The casework -----------------------------------------------------------------------------------------------------


def test_a_verb_is_told_who_and_when_by_name_and_last():
    found = []
    for path in modules("casework"):
        for function in functions(path):
            by_place = [each.arg for each in function.args.args if _is_a_person(each)]
            by_name = [each.arg for each in function.args.kwonlyargs]
            if function.name.startswith("_") or "by" not in (*by_place, *by_name):
                continue
            where = f"{inside(path)}:{function.lineno}: {function.name}"
            if "by" in by_place and "at" in {each.arg for each in function.args.args} | set(by_name):
                found.append(f"{where} takes `by` by its place")
            if "by" in by_name and not any(_is_a_person(each) for each in function.args.kwonlyargs):
                continue
            if "by" in by_name and not {"at", "on"} & set(by_name):
                found.append(f"{where} takes no `at`")
            elif "by" in by_name and "by" not in by_name[-3:]:
                found.append(f"{where} does not take `by` and `at` last")
    fail_with(found, "Write def verb(…, *, by: Person, at: datetime):")


def _is_a_person(argument: ast.arg) -> bool:
    return argument.arg == "by" and ast.unparse(argument.annotation or ast.Constant("")) in ("Person", "Actor")


SINGLE = {"one", "one_or_none", "first", "scalar_one", "scalar_one_or_none"}
UNORDERED = {"set", "frozenset", "len", "any", "all", "sum", "min", "max", "sorted", "dict"}


def test_every_list_comes_in_a_stable_order():
    """Each `scalars(…)` or `execute(…)` of more than one row says order_by, in its statement or where that is made."""
    found = [
        f"{inside(path)}:{call.lineno}: {ast.unparse(call)[:90]}"
        for path in modules("casework", "database/facts.py")
        for call in _lists_read(path)
        if "order_by" not in _statement_text(path, call)
    ]
    fail_with(found, "Say in which order: add .order_by(…, and something unique last):")


def _lists_read(path: Path) -> Iterator[ast.Call]:
    parents = {child: node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)}
    for call in ast.walk(tree(path)):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            continue
        if call.func.attr not in ("scalars", "execute") or "session" not in ast.unparse(call.func.value):
            continue
        around = parents[call]
        of_one = isinstance(around, ast.Attribute) and around.attr in SINGLE
        if of_one or ".limit(1)" in ast.unparse(call):
            continue
        if isinstance(around, ast.Call) and isinstance(around.func, ast.Name) and around.func.id in UNORDERED:
            continue
        if isinstance(around, ast.comprehension) and isinstance(parents[around], ast.SetComp | ast.DictComp):
            continue
        if isinstance(around, ast.Assign) and _only_in_sets(path, around):
            continue
        yield call


def _only_in_sets(path: Path, assigned: ast.Assign) -> bool:
    name = ast.unparse(assigned.targets[0])
    source = ast.unparse(_function_around(path, assigned.lineno))
    used = len(re.findall(rf"\b{re.escape(name)}\b", source)) - 1
    in_sets = len(re.findall(rf"\b(?:{'|'.join(UNORDERED)})\({re.escape(name)}\)|\bin {re.escape(name)}\}}", source))
    return used == in_sets


def _statement_text(path: Path, call: ast.Call) -> str:
    """The call’s statement, with whatever its names were given and the functions that it calls."""
    text = ast.unparse(call.args[0])
    around = _function_around(path, call.lineno)
    for _ in range(2):
        names = set(re.findall(r"\b[a-z_]+\b", text))
        for node in ast.walk(around):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Name) and target.id in names for target in targets):
                    text += ast.unparse(node.value)
        text += "".join(ast.unparse(function) for function in functions(path) if function.name in names)
    return text


def _function_around(path: Path, line: int) -> ast.AST:
    inner: ast.AST = tree(path)
    for function in functions(path):
        if function.lineno <= line <= (function.end_lineno or 0):
            inner = function
    return inner


# --- Words ------------------------------------------------------------------------------------------------------------


def test_every_module_opens_with_the_idea_it_holds():
    found = [inside(path) for path in modules() if not ast.get_docstring(tree(path)) and path.read_text().strip()]
    fail_with(found, "Open the module with one sentence on the idea it holds:")


def test_what_others_call_says_what_it_means():
    found = []
    for path in modules(*DOCUMENTED):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            members = node.body if isinstance(node, ast.ClassDef) else []
            public = [
                each for each in members if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
            ]  # fmt: skip
            found += [
                f"{inside(path)}:{each.lineno}: {each.name}" for each in [node, *public] if not ast.get_docstring(each)
            ]
    fail_with(found, "Say in a docstring what it means, its unit, or what it raises:")


def test_no_file_is_so_long_that_it_must_hold_two_subjects():
    found = [
        f"{inside(path)}: {length} lines"
        for path in modules()
        if (length := sum(1 for _ in lines(path))) > LONGEST and inside(path) not in TABLES
    ]
    fail_with(found, f"Split it where its subjects part; more than {LONGEST} lines are too many:")


def test_no_two_moves_have_the_same_name_and_each_has_its_words():
    table = ast.unparse(tree(APP / "workflows/lifecycle.py"))
    named = re.findall(r"Move\('([a-z_]+)'", table)
    found = sorted({name for name in named if named.count(name) > 1})
    found += [name for name, move in MOVES.items() if not (move.button and move.happened)]
    assert set(named) == set(MOVES)
    fail_with(found, "Give the move a name of its own, a button= and a happened=:")


def test_choices_are_codes_with_words():
    lists = {name: value for name, value in vars(wording).items() if name.isupper() and isinstance(value, dict)}
    lists["WHY_NOT_APPLICABLE"] = answers.WHY_NOT_APPLICABLE
    found = [
        f"{name}: {code!r}"
        for name, choices in lists.items()
        for code, words in choices.items()
        if not re.fullmatch(r"[a-z0-9][a-z0-9_+-]*", code) or not words.strip()
    ]
    fail_with(found, "Write the code in small letters, and its words on screen beside it:")


# --- What is committed ------------------------------------------------------------------------------------------------

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
PLACES = re.compile(
    r"https?://[^\s\"'<>]*(?:/simp"
    r"le\b|/np"
    r"m/|regis"
    r"try\.|py"
    r"pi\.|artifact)|(?:^|[\s\"'(=])/wor"
    r"k/[a-z.]"
)


@pytest.mark.parametrize(
    ("pattern", "what_to_do"),
    [
        (UNFINISHED, "Finish it, or open an issue: no unfinished work is committed:"),
        (PLACES, "Take it out: no address of a package registry and no path of one machine is committed:"),
    ],
    ids=["unfinished", "places"],
)
def test_what_is_committed_is_finished_and_belongs_to_no_machine(pattern, what_to_do):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in kept_files()
        for number, line in lines(path)
        if pattern.search(line)
    ]
    fail_with(found, what_to_do)


def test_no_test_is_switched_off():
    switched_off = re.compile(r"mark\.(skip|xfail)\b|@unittest\.skip")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != Path(__file__)
        for number, line in lines(path)
        if switched_off.search(line)
    ]
    fail_with(found, "Mend the test or take it out:")
