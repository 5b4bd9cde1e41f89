"""The tree keeps its promises: who imports whom, no cycles, and importing has no effect. Read from the source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "launcher.py", *sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "store").rglob("*.py")))
}


@cache
def trees() -> dict[str, ast.Module]:
    """Read when first asked for: every process that collects the tests imports this module, one of them runs it."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


@cache
def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Of each module all: to walk through the trees takes longer than to read them, and eight tests look at each."""
    return {name: tuple(ast.walk(tree)) for name, tree in trees().items()}


# From the top floor down; a module imports from its own room and from floors below. Whatever has no floor fails.
FLOORS = (
    ("launcher",),
    ("app.factory",),
    ("app.cli", "app.pages"),
    ("app.host", "app.web"),
    ("app.actions",),
    ("app.context", "app.output"),
    ("app.imports", "app.views"),
    ("app.charts", "app.jira", "app.kept", "app.settings"),
    ("app.domain", "app.early", "app.jobs", "app.logs", "app.network", "app.turns"),
    ("app", "app.errors", "app.words", "store"),
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# Where alone these may be imported, as prefixes of module names.
ONLY_IN = {
    "dash": ("app.factory", "app.pages", "app.web"),
    "dash_mantine_components": ("app.pages", "app.web"),
    "flask": ("app.factory", "app.web"),
    "waitress": ("app.host",),
    "requests": ("app.jira.http",),
    "urllib3": ("app.jira.http",),
    "http.client": ("app.jira.http", "app.host.instance"),
    # A line that a driver holds is hung up, none is opened.
    "socket": ("app.host", "store.postgres.patience"),
    # Whatever else opens connections is not used at all.
    **dict.fromkeys(
        ("urllib.request", "ftplib", "smtplib", "imaplib", "poplib", "xmlrpc", "asyncio", "socketserver"), ()
    ),
    "truststore": ("app.jira.http",),
    "sqlite3": ("store",),
    "psycopg": ("store.postgres",),
    "keyring": ("store.secrets",),
    "nacl": ("store.secrets",),
    "plotly": (),
}
# The domain is pure, as the figures and views made of it are: no IO, no clock, no log, no thread.
PURE_OF_STORE = ("store.documents", "store.records", "store.settings")
PURE = ("app.domain", "app.charts", "app.views")
IMPURE = ("logging", "os", "pathlib", "socket", "sqlite3", "subprocess", "threading", "time")


def imports(nodes: Iterable[ast.AST], package: str) -> Iterator[str]:
    """Full names of the imported modules."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{module}.{alias.name}"
                yield full if full in FILES else module


def _at_import_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Without what is in functions and for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _at_import_time(node)


def package_of(name: str) -> str:
    return name if FILES[name].name == "__init__.py" else name.rpartition(".")[0]


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def room_of(name: str) -> str:
    return next(room for room in sorted(FLOOR_OF, key=len, reverse=True) if name == room or name.startswith(f"{room}."))


@cache
def all_imports() -> tuple[tuple[str, str], ...]:
    return tuple((name, imported) for name in FILES for imported in imports(nodes()[name], package_of(name)))


def test_an_import_only_goes_down() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, imported in all_imports()
        if imported in FILES
        and (ours := room_of(name)) != (theirs := room_of(imported))
        and FLOOR_OF[theirs] <= FLOOR_OF[ours]
    ]
    assert wrong == []


def test_a_new_room_gets_its_floor_and_its_line_in_the_documentation() -> None:
    rooms = {".".join(name.split(".")[:2]) for name in FILES if name.startswith("app.")}
    assert rooms - FLOOR_OF.keys() == set()
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    places = {room.replace(".", "/") + ("/" if FILES[room].name == "__init__.py" else ".py") for room in rooms}
    assert [place for place in sorted(places) if f"`{place}`" not in text] == []


def test_the_picture_of_the_imports_has_at_most_24_rooms_on_10_floors() -> None:
    """Counted from the imports themselves, wherever they stand in a module: a room is above all that it imports."""
    below: dict[str, set[str]] = {room_of(name): set() for name in FILES if name != "app"}
    for name, imported in all_imports():
        if imported in FILES and imported != "app" and room_of(imported) != room_of(name):
            below[room_of(name)].add(room_of(imported))

    @cache
    def floor(room: str) -> int:
        return 1 + max(map(floor, below[room]), default=0)

    assert len(below) <= 24
    assert max(map(floor, below)) <= 10


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_is_imported_only_in_its_place(package: str) -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, imported in all_imports()
        if within(imported, (package,)) and not within(name, ONLY_IN[package])
    ]
    assert wrong == []


def test_what_is_derived_is_pure() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, imported in all_imports()
        if within(name, PURE)
        and (within(imported, IMPURE) or (imported.startswith("store") and imported not in PURE_OF_STORE))
    ]
    assert wrong == []


def test_a_page_imports_no_other_page() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, imported in all_imports()
        if name.startswith("app.pages.") and imported.startswith("app.pages.")
    ]
    assert wrong == []


RECORDING = ("click", "on", "changed", "fills")


def callbacks() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions that a page has called by the browser: those that one of its methods takes down."""
    for name, all_of_it in nodes().items():
        for node in all_of_it:
            if isinstance(node, ast.FunctionDef) and any(_records(decorator) for decorator in node.decorator_list):
                yield f"{name}.{node.name}", node


def _records(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in RECORDING


def test_a_callback_says_by_name_what_it_does_to_the_page() -> None:
    """Whoever reads a row of values in the order of outputs elsewhere has to count, and miscounts."""
    assert len(list(callbacks())) > 80
    wrong = [name for name, node in callbacks() if ast.unparse(node.returns or node) not in EFFECTS]
    assert wrong == []


EFFECTS = ("Effects", "Effects | None")


def test_nothing_but_the_frame_hands_callbacks_to_dash() -> None:
    """Which knows rows of values only, and what is no value in them."""
    wrong = [
        f"{name}: {word}"
        for name, path in FILES.items()
        if name not in ("app.web.page", "app.web.effects")
        for word in ("no_update", "PreventUpdate", "app.callback(", ".set_props(")
        if word in path.read_text(encoding="utf-8")
    ]
    assert wrong == ["app.factory: .set_props(", "app.web.shell: .set_props("]


def test_there_is_no_import_cycle() -> None:
    """Nor one that an import in a function, or for type checkers alone, hides."""
    graph: dict[str, set[str]] = {name: set() for name in FILES}
    for name, imported in all_imports():
        if imported in FILES and imported != name:
            graph[name].add(imported)
    settled: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name not in settled:
            for imported in sorted(graph[name]):
                visit(imported, (*trail, name))
            settled.add(name)

    for name in graph:
        visit(name, ())


def test_importing_a_module_runs_no_statement_but_definitions() -> None:
    """A call whose result nobody takes, a loop, a with: those do something. A Page only notes its callbacks down."""
    effects = [
        f"{name}:{node.lineno}"
        for name, tree in trees().items()
        for node in tree.body
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not _notes_a_callback(node.value))
        or isinstance(node, ast.For | ast.While | ast.With | ast.Delete | ast.Raise)
    ]
    assert effects == []


def _notes_a_callback(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "clientside"


def test_the_launcher_needs_only_light_modules_before_it_listens() -> None:
    """What is imported on the way to the socket, transitively: nothing heavy, whatever is installed."""
    reached: set[str] = set()
    waiting = ["launcher", "app.host.serving"]
    outside: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        for imported in imports(_at_import_time(trees()[name]), package_of(name)):
            (waiting.append if imported in FILES else outside.add)(imported)
    ours = {name.partition(".")[0] for name in outside} - set(sys.stdlib_module_names)
    assert ours <= {"filelock", "platformdirs", "waitress"}


def test_the_lock_names_no_host_and_hashes_every_package() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    named = [at for at, line in enumerate(lines) if line and not line.startswith(("#", " "))]
    assert len(named) > 40
    assert [lines[at] for at in named if not lines[at + 1].startswith("    --hash=sha256:")] == []
    assert [line for line in lines if "://" in line or "index-url" in line] == []


def test_only_the_store_knows_the_keys_of_what_profiles_keep_as_json() -> None:
    """Everybody else reads typed records: see `store.documents`."""
    kept = {"jira_config", "field_mappings", "forecast_settings", "project_classification", "flow_type_mappings"}
    wrong = [
        f"{name} reads {node.attr}"
        for name in FILES
        if not name.startswith("store.")
        for node in nodes()[name]
        if isinstance(node, ast.Attribute) and node.attr in kept
    ]
    assert wrong == []


def test_who_asks_for_what_only_posix_has_asks_for_the_system_first() -> None:
    missing = re.compile(r"\bos\.(getuid|geteuid|getgid|fchmod|fchown|mkfifo|statvfs|killpg|getpgid)\(")
    asking = [name for name, path in FILES.items() if missing.search(path.read_text(encoding="utf-8"))]
    assert len(asking) > 2
    for name in asking:
        for node in nodes()[name]:
            source = ast.unparse(node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""
            if missing.search(source):
                assert re.search(r"os\.name|hasattr\(os|sys\.platform", source), f"{name}: {source}"


def test_json_that_somebody_may_have_changed_is_read_by_who_knows_of_the_deepest() -> None:
    """`json.loads` raises no ValueError for what is nested too deep."""
    # What comes with the program, or was written in the line before.
    own = {"app/actions/licences.py", "store/legacy/tree/with_extras.py"}
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in [*ROOT.glob("app/**/*.py"), *ROOT.glob("store/**/*.py")]
    }
    careless = {name for name, text in texts.items() if "json.loads(" in text and "RecursionError" not in text}
    assert careless == own


# What was done with a thing is not what it is.
RIDDLES = {"asked", "found", "given", "held", "made", "meant", "one", "said", "taken", "told"}


def names_in(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    """All that is given a name in a module: functions, classes, parameters, fields, values wherever they are set."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def test_a_name_says_what_the_thing_is() -> None:
    """The glossary has the nouns."""
    # A key of the track record's document; a column; what a text is restored by.
    own = {"app.domain.scored": {"held"}, "store.texts": {"made"}}
    own |= {module: {"made"} for module in ("store.memory", "store.records", "store.sql.undo")}
    scripts = {
        f"scripts.{path.stem}": tuple(ast.walk(ast.parse(path.read_text("utf-8"))))
        for path in ROOT.glob("scripts/**/*.py")
    }
    riddles = [
        f"{module}:{line} {name}"
        for module, all_of_it in {**nodes(), **scripts}.items()
        for name, line in names_in(all_of_it)
        if name.strip("_").lower() in RIDDLES - own.get(module, set())
    ]
    assert riddles == [], "name what it is: docs/glossary.md has the words"


def test_a_name_in_a_test_says_what_the_thing_is_too() -> None:
    riddles = [
        f"{path.relative_to(ROOT).as_posix()}:{line} {name}"
        for path in (ROOT / "tests").rglob("*.py")
        for name, line in names_in(ast.walk(ast.parse(path.read_text("utf-8"))))
        if name.strip("_").lower() in RIDDLES
    ]
    assert riddles == [], "name what it is: docs/glossary.md has the words"


def test_a_parameter_is_a_noun() -> None:
    """What a caller hands over has the name of what it is: the glossary has most of them."""
    riddles = RIDDLES | {"each"}
    named_so = [
        f"{name}.{node.name}({argument.arg})"
        for name, all_of_it in nodes().items()
        for node in all_of_it
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.arg in riddles
    ]
    assert named_so == [], "name what it is: docs/glossary.md has the words"


def test_functions_fit_on_a_screen() -> None:
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for all_of_it in nodes().values()
        for node in all_of_it
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) // 2] <= 7
    assert lengths[len(lengths) * 9 // 10] <= 18
    assert lengths[-1] <= 45
