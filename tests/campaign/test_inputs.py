"""Inputs that cannot be used, through the real front door: an exit code and a few clear words.

To add a case, add a line: a file, what is done to it, the exit code, and words of the message.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.build.door import typed
from tests.campaign.answers import ANSWERS, REFERENCES, Case
from tests.campaign.spoiling import (
    added,
    circle,
    folder,
    gone,
    halved,
    length,
    manifest,
    replaced,
    spoiled,
    sql,
    text,
)

STUDY = "study.toml"
CITATION = "CITATION.cff"
PAGE, BASE, STYLE = "templates/pages/page.html", "templates/pages/base.html", "templates/styles/"
SCRIPT = "templates/scripts/theme/choice.js"
FACE = "templates/fonts/source-serif-4-latin-400-normal.woff2"
STORE, MANIFEST = "results/runs.sqlite", "results/published/manifest.json"
SEEDS, TITLE = "seeds = 2", '"Small"'

STUDIES: list[Case] = [
    (STUDY, gone, 2, ["study.toml: cannot be read: there is no such file"]),
    (STUDY, folder, 2, ["study.toml: cannot be read: it is a folder"]),
    (STUDY, circle, 2, ["study.toml: cannot be read: the links lead in a circle"]),
    (STUDY, text(b"title = '\xff'"), 2, ["study.toml:1: is not UTF-8 text", "0xff"]),
    (STUDY, text("\ufefftitle = 'a'\r\nseeds = \r\n"), 2, ["study.toml:2: is not valid TOML"]),
    (STUDY, text("title = 'a\0'"), 2, ["study.toml:1: holds a control character (U+0000)"]),
    (STUDY, replaced(SEEDS, 'extends = "results"'), 2, ["results: cannot be read: it is a folder"]),
    (STUDY, replaced(SEEDS, f"extends = '{'a' * 300}'"), 2, ["the name is too long"]),
    (
        STUDY,
        replaced('"mnist"', f'"{"a" * 300}"'),
        2,
        ["dataset = ", "must be 1 to 40"],
    ),
    (STUDY, added(f"[{'a.' * 5000}b]"), 2, ["more than 12 levels deep"]),
    (STUDY, added(f"{'a.' * 900}b = 1"), 2, ["more than 12 levels deep"]),
    (STUDY, replaced(SEEDS, "seeds = 2\nmoments = [0.5, inf]"), 2, ["moments.1 = inf"]),
    (STUDY, replaced("[128, 64]", '"5 x 0"'), 2, ["network.hidden = '5 x 0'", "the width"]),
    (STUDY, replaced(TITLE, "2024-01-01"), 2, ["title = 2024-01-01: must be text"]),
    (STUDY, added('\n[experiments.a]\nextends = "base"'), 2, ["only a file extends another one"]),
]
SWEPT: list[tuple[str, Sequence[str]]] = [
    ('{ "training.epochs" = [1, 1] }', ["sweep: lists the same settings twice"]),
    ('{ "training.batch_size" = [1, 0] }', ["batch_size = 0", "greater than or equal to 1"]),
    ("{ moments = [[20], [30]] }", ["the points 1 and 2 have the same runs with seed 0"]),
    ("{ seeds = [[0], [0, 1]] }", ["the points 1 and 2 have the same runs with seed 0"]),
    ('{ measure = [["weights", "signals"], ["signals", "weights"]] }', ["have the same runs"]),
    (
        f'{{ "training.epochs" = {[*range(100)]}, "curve_points" = {[*range(100)]}, '
        f'"training.batch_size" = {[*range(1, 101)]} }}',
        ["100 x 100 x 100 values make 1,000,000 points and 8,000,000 runs", "at most 10,000"],
    ),
    (
        "{ " + ", ".join(f'"a{n}" = {[*range(10)]}' for n in range(6)) + " }",
        ["1,000,000 points", "at most 10,000"],
    ),
]
SET: list[tuple[str, Sequence[str]]] = [
    ("network.hidden=[65536, 65536]", ["65,536 units need at least", "this machine has"]),
    ("network.hidden=[65536, 65536]", ["error: study.toml with network.hidden", ": experiments"]),
    ("training.batch_size=48001", ["error: study.toml with training.batch_size=48001: exp"]),
    ("dataset=nist", ["error: study.toml with dataset=nist: dataset: the data set 'nist' has no"]),
    ("dataset=./mnist", ["dataset: mnist cannot be called 'mnist', which the project carries"]),
    ("network.hidden='1000 x 65536'", ["68.7 TB", "this machine has"]),
    (f"{'a.' * 900}b=1", ["no table 'a'"]),
    (f"x={{ {'a.' * 900}b = 1 }}", ["more than 12 levels deep"]),
]
CITED: list[Case] = [
    (CITATION, text(""), 1, ["CITATION.cff: must be a table"]),
    (CITATION, added("# \u200b"), 1, ["CITATION.cff:21: holds ZERO WIDTH SPACE"]),
    (CITATION, folder, 1, ["CITATION.cff: cannot be read: it is a folder"]),
    (CITATION, text("- a\n- b\n"), 1, ["CITATION.cff: must be a table"]),
    (CITATION, text("a: [\n"), 1, ["CITATION.cff:2: is not valid YAML"]),
    (CITATION, text("a: !!python/object/apply:os.getcwd []\n"), 1, ["not valid YAML", "python"]),
    (CITATION, text("authors:\n- orcid: a\n"), 1, ["cff:2: authors.0", "an author needs a name"]),
    (CITATION, text("authors: someone\n"), 1, ["cff:1: authors = 'someone': must be a list"]),
    (CITATION, text("authors:\n- name: 3\n"), 1, ["cff:2: authors.0.name = 3: must be text"]),
    (
        CITATION,
        text("type: a\nautors: []\n"),
        1,
        ["cff:2: unknown key 'autors' (did you mean 'aut"],
    ),
    (CITATION, text("3: a\n"), 1, ["cff:1: unknown key 3"]),
    (CITATION, text("repository-code: 'javascript:a'\n"), 1, ["must begin with https://"]),
    (CITATION, text("a: 1\ndate: 2026-99-99\n"), 1, ["CITATION.cff:2: is not valid YAML: month"]),
    (CITATION, text("a: 1\nb: 0x_\n"), 1, ["CITATION.cff:2: is not valid YAML"]),
    (CITATION, text("a: 1\na: 2\n"), 1, ["CITATION.cff:2: is not valid YAML: the key 'a' is rep"]),
    (CITATION, text("a: 1\nb: " + "[" * 1500), 1, ["cff:2: is not valid YAML: lists and tables"]),
    (CITATION, text("authors:\n- 3\n"), 1, ["authors.0 = 3: must be a table; it must be as on"]),
    (CITATION, text(b"title: \xff"), 1, ["CITATION.cff:1: is not UTF-8 text"]),
]
TEMPLATES: list[Case] = [
    (PAGE, gone, 1, ["templates/pages/page.html: cannot be read: there is no such file"]),
    (PAGE, folder, 1, ["page.html: cannot be read: it is a folder"]),
    (PAGE, added("\u202e"), 1, [f"page.html:{length(PAGE) + 1}: holds RIGHT-TO-LEFT"]),
    (PAGE, added(b"\xff"), 1, ["page.html:", "is not UTF-8 text"]),
    (PAGE, added("{% if %}"), 1, ["templates/pages/page.html:"]),
    (BASE, added("{{ page | nothing }}"), 1, ["base.html:", "No filter named 'nothing'"]),
    (BASE, added("{% if false %}{{ nothing }}{% endif %}"), 1, ["base.html:", "'nothing'"]),
    (BASE, added("{% if false %}{{ report.titel }}{% endif %}"), 1, ["'titel'", "'title'"]),
    (BASE, added("{{ report.title.nothing }}"), 1, ["base.html:", "no attribute 'nothing'"]),
    (BASE, added("{{ 1 / 0 }}"), 1, ["base.html:", "division by zero"]),
    (BASE, added('{% include "pages/base.html" %}'), 1, [".html:", "is taken in by itself"]),
    (
        PAGE,
        added("{% if true %}" * 200 + "{% endif %}" * 200),
        1,
        ["page.html: is taken in", "deep"],
    ),
    (BASE, added('{% include "pages/none.html" %}'), 1, ["none.html: cannot be read"]),
    (STYLE + "style.css", gone, 1, ["templates/styles/style.css: cannot be read"]),
    (STYLE + "style.css", added("p { color: red"), 1, ["style.css:", "a { without its partner"]),
    (STYLE + "pages/runs.css", added("}"), 1, ["runs.css:", "a } without its partner"]),
    (STYLE + "figures.css", added("p { color }"), 1, ["'color' is no declaration"]),
    (SCRIPT, added("function ("), 1, ["theme/choice.js:", "a ( without its partner"]),
    (SCRIPT, added("\nf([)]);"), 1, ["choice.js:", "a ) without its partner"]),
    (SCRIPT, added("\nconst a = 'b;"), 1, ["choice.js:", "a ' without its partner"]),
    (SCRIPT, gone, 1, ["templates/scripts/theme/choice.js: cannot be read"]),
    ("templates/fonts/LICENSE-stix-two-math.txt", folder, 1, ["math.txt: cannot be read: it is a"]),
    (FACE, gone, 1, ["woff2: cannot be read"]),
    (FACE, text("garbage" * 100), 1, ["woff2: is no whole font"]),
    (FACE, halved, 1, ["woff2: is no whole font"]),
]
TRIGGER = "CREATE TRIGGER raised AFTER INSERT ON runs BEGIN UPDATE runs SET epochs = 1; END"
VIEW = "CREATE VIEW epochs AS SELECT * FROM e"
STORES: list[Case] = [
    (STORE, gone, 2, ["8 of 8 runs of this study have not been trained"]),
    (STORE, text("garbage" * 1000), 2, ["is damaged or not a results file"]),
    (STORE, sql("ALTER TABLE epochs RENAME COLUMN loss TO lost"), 2, ["epochs has other columns"]),
    (STORE, sql("ALTER TABLE runs RENAME COLUMN begin_s TO began"), 2, ["runs has other columns"]),
    (STORE, sql("DROP TABLE steps"), 2, ["steps has other columns"]),
    (STORE, sql("CREATE VIEW best AS SELECT * FROM runs"), 2, ["holds the view best"]),
    (STORE, sql(TRIGGER), 2, ["holds the trigger raised", "mv results/runs.sqlite"]),
    (STORE, sql("ALTER TABLE epochs RENAME TO e", VIEW), 2, ["holds the table e, which no build"]),
    (STORE, sql("CREATE INDEX quick ON epochs(loss)"), 2, ["holds the index quick"]),
    (STORE, folder, 2, ["runs.sqlite: cannot be used: it is a folder"]),
    (STORE, circle, 2, ["runs.sqlite: cannot be used: the links lead in a circle"]),
    (STORE, text(""), 2, ["8 of 8 runs of this study have not been trained"]),
    (STORE, sql("UPDATE runs SET environment = '{'"), 2, ["runs.environment", "is no JSON"]),
    (STORE, sql("UPDATE runs SET environment = '[]'"), 2, ["runs.environment", "a table"]),
    (STORE, sql("""UPDATE runs SET environment = '{"a": 1}'"""), 2, ["environment: a = 1", "text"]),
    (STORE, sql("UPDATE epochs SET loss = NULL"), 2, ["loss = nan", "its run has finished"]),
    (STORE, sql("UPDATE epochs SET val_loss = NULL WHERE epoch = 1"), 2, ["epochs.val_loss = nan"]),
    (STORE, sql("UPDATE epochs SET test_loss = NULL"), 2, ["epochs.test_loss = nan"]),
    (STORE, sql("DELETE FROM epochs WHERE epoch = 2"), 2, ["with 1 epoch instead of 2"]),
    (
        STORE,
        sql("UPDATE epochs SET test_accuracy = -5"),
        2,
        ["test_accuracy = -5.0", "from 0 to 1"],
    ),
    (STORE, sql("UPDATE epochs SET accuracy = 1.5"), 2, ["accuracy = 1.5", "from 0 to 1"]),
    (STORE, sql("UPDATE epochs SET test_loss = 1e308"), 2, ["test_loss = 1e+308", "3.5e+38"]),
    (STORE, sql("UPDATE epochs SET loss = -1"), 2, ["loss = -1.0"]),
    (STORE, sql("UPDATE runs SET begin_s = -100"), 2, ["runs.begin_s = -100"]),
    (STORE, sql("UPDATE epochs SET train_s = -1 WHERE epoch = 1"), 2, ["epochs.train_s = -1"]),
    (STORE, sql("UPDATE runs SET measurements = '['"), 2, ["runs.measurements", "is no JSON"]),
    (STORE, sql("UPDATE runs SET measurements = '[[1, 2]]'"), 2, ["runs.measurements", "text"]),
    (STORE, sql("UPDATE runs SET epochs = 1"), 2, ["8 of 8 runs", "have not been trained"]),
    (STORE, sql("UPDATE layers SET dead_share = 2"), 2, ["layers.dead_share = 2.0"]),
    (
        STORE,
        sql("DELETE FROM steps WHERE epoch = 2"),
        2,
        ["at 2 places instead of 4"],
    ),
    (STORE, sql("DELETE FROM steps"), 2, ["first_steps: there is no row of base, Zeros, seed 0"]),
    (STORE, sql("DELETE FROM layers WHERE layer = 2"), 2, ["at 4 places instead of 6"]),
    (STORE, sql("DELETE FROM layers WHERE progress = 0"), 2, ["at 3 places instead of 6"]),
    (
        STORE,
        sql("UPDATE steps SET losses = X'00'"),
        2,
        ["steps: an epoch of the run", "has not the"],
    ),
]
PUBLISHED: list[Case] = [
    (MANIFEST, text("{"), 2, ["manifest.json: is damaged"]),
    (MANIFEST, text('{"a": ' * 5000 + "1" + "}" * 5000), 2, ["manifest.json: is damaged"]),
    (MANIFEST, text("[]"), 2, ["manifest.json: is damaged"]),
    (MANIFEST, text('{"schema": {}, "sha256": []}'), 2, ["has schema {}"]),
    (MANIFEST, text(b"\xff"), 2, ["manifest.json:1: is not UTF-8 text"]),
    (MANIFEST, manifest(lambda about: about.pop("claims")), 2, ["claims is missing"]),
    (MANIFEST, manifest(lambda about: about.update(claims=[])), 2, ["claims: must be a table"]),
    (MANIFEST, manifest(lambda about: about.update(study=3)), 2, ["study = 3: must be a table"]),
    (MANIFEST, manifest(lambda about: about.update(files={"runs.csv": 1})), 2, ["files.runs.csv"]),
    (MANIFEST, manifest(lambda about: about.update(categories={"a": 1})), 2, ["categories.a = 1"]),
    (MANIFEST, manifest(lambda about: about.update(commit=[1])), 2, ["commit", "must be text"]),
    ("results/published/runs.csv", gone, 2, ["runs.csv: cannot be read", "git restore"]),
    ("results/published/runs.csv", folder, 2, ["runs.csv: cannot be read: it is a folder"]),
    ("results/published/runs.csv", halved, 2, ["runs.csv: is damaged or has been edited"]),
]
RENDERED = [*ANSWERS, *REFERENCES, *CITED, *TEMPLATES, *STORES]


def refused(exit_code: int, words: Sequence[str], *command: str) -> None:
    """Check that a command ends as it must: with a message of a few lines that has these words."""
    code, _, err = typed(*command)
    assert code == exit_code, err
    assert err.startswith("error: "), err
    assert "Traceback" not in err
    assert "fault of the report's code" not in err
    assert len(err.splitlines()) < 25
    for word in words:
        assert word in err


def named(case: Case) -> str:
    """Return what a case is called."""
    return f"{Path(case[0]).name}: {case[3][0]}"[:70]


@pytest.mark.parametrize("case", STUDIES, ids=named)
def test_a_study_is_refused(project: Path, case: Case) -> None:
    """Nothing is planned of a file that is no study."""
    file, spoil, exit_code, words = case
    with spoiled(project / file, spoil):
        refused(exit_code, words, "plan")


@pytest.mark.parametrize(("sweep", "words"), SWEPT)
def test_a_sweep_is_refused(project: Path, sweep: str, words: Sequence[str]) -> None:
    """No run counts twice, and none is planned of a sweep that never ends."""
    refused(2, words, "plan", "--set", f"experiments={{ base = {{ sweep = {sweep} }} }}")


@pytest.mark.parametrize(("change", "words"), SET)
def test_a_change_is_refused(project: Path, change: str, words: Sequence[str]) -> None:
    """What a machine cannot hold is said with numbers, before anything starts."""
    refused(2, words, "plan", "--set", change)


def test_of_a_training_that_is_too_large_nothing_is_left(project: Path, tmp_path: Path) -> None:
    """No folder is made, and no empty store in it."""
    options = ("--set", "network.hidden=[65536, 65536]", "--results", str(tmp_path / "r"))
    refused(2, ["units need at least"], "train", *options)
    assert not (tmp_path / "r").exists()


def test_an_address_is_no_results(project: Path) -> None:
    """Its colon parts no folder from a study."""
    words = ["B = 'https://example.org/r': must be a folder", "nothing is fetched"]
    refused(2, words, "compare", "published", "https://example.org/r")


@pytest.mark.parametrize("case", RENDERED, ids=named)
def test_a_report_is_not_built(project: Path, case: Case) -> None:
    """The message names the file, and the previous site is left as it was."""
    file, spoil, exit_code, words = case
    page = project / "site" / "index.html"
    before = page.stat()
    with spoiled(project / file, spoil):
        refused(exit_code, words, "render")
    after = page.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_published_results_are_refused(project: Path, case: Case) -> None:
    """Nothing is shown of what does not stand as it was published."""
    file, spoil, exit_code, words = case
    with spoiled(project / file, spoil):
        refused(exit_code, words, "render", "--results", "published")
