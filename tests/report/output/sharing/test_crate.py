"""The archive of all data, held to what RO-Crate 1.1 says must be.

The rules are those of the specification (w3id.org/ro/crate/1.1), each with its section.
"""

import base64
import dataclasses
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from analysis.results.cache import Cache
from report.document.authors import Author, Citation
from report.output.sharing import crate
from report.output.sharing.imprint import Imprint
from tests.report.conftest import Rendered

ABOUT = Citation((Author("Ada Lovelace", "Lovelace", "Ada"), Author("The Society")), licence="MIT")
OWN = Imprint("T", ABOUT, "2026-11-26", "a" * 40, licensed=True)
REFERENCES = {"license", "author", "hasPart", "isBasedOn", "about", "conformsTo"}


def read(archive: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files of an archive but its manifest, and that."""
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        files = {name: packed.read(name) for name in packed.namelist()}
    return files, json.loads(files.pop("ro-crate-metadata.json"))


@pytest.fixture(scope="module")
def written(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the rendered site by two authors, on a known day."""
    out = tmp_path_factory.mktemp("crate")
    (out / "LICENSE.txt").write_text("Permission is hereby granted\n", "utf-8")
    for name in ("data", "figures", "provenance.json"):
        (out / name).symlink_to(rendered.site / name)
    crate.write(out, OWN, rendered.report.document, "What it is.", Cache(None))
    return out / "data.zip"


def broken(files: dict[str, bytes], manifest: dict[str, Any]) -> Iterator[str]:
    """Yield the rules that a crate breaks."""
    graph = manifest["@graph"]
    known = {each["@id"]: each for each in graph}
    context = manifest["@context"]
    named = context if isinstance(context, list) else [context]
    if "https://w3id.org/ro/crate/1.1/context" not in named:
        yield "Appendix JSON-LD: the context must be that of 1.1"
    if len(known) < len(graph) or not all(each.get("@type") for each in graph):
        yield "Appendix JSON-LD: flat, one object an @id, each with a @type"
    about = known.get("ro-crate-metadata.json", {})
    if about.get("@type") != "CreativeWork" or not about.get("about"):
        yield "Root Data Entity: the descriptor must be a CreativeWork and tell the root"
        return
    if not about["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/1.1"):
        yield "Root Data Entity: the descriptor should conform to a version"
    yield from broken_root(known[about["about"]["@id"]], known)
    parts = {each["@id"] for each in known[about["about"]["@id"]].get("hasPart", [])}
    listed = {each["@id"] for each in graph if each.get("@type") == "File"}
    if parts != listed:
        yield "Data Entities: each file must be linked from the root by hasPart"
    for name in listed:
        yield from broken_file(known[name], files)


def broken_root(root: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    """Yield the rules of the root that are broken."""
    if root.get("@type") != "Dataset" or not root["@id"].endswith("/"):
        yield "Root Data Entity: must be a Dataset whose @id ends with a slash"
    yield from (
        f"Root Data Entity: must have {name}"
        for name in ("name", "description", "datePublished", "license")
        if not root.get(name)
    )
    try:
        date.fromisoformat(root.get("datePublished", ""))
    except ValueError:
        yield "Root Data Entity: datePublished must be a day of ISO 8601"
    for name in REFERENCES & root.keys():
        told = root[name] if isinstance(root[name], list) else [root[name]]
        if not all(set(each) == {"@id"} and each["@id"] in known for each in told):
            yield f"Appendix JSON-LD: {name} must refer to what the graph describes"
    licences = root.get("license", [])
    for each in licences if isinstance(licences, list) else [licences]:
        if not {"name", "description"} <= known.get(each["@id"], {}).keys():
            yield "Root Data Entity: the licence should have a name and a description"


def broken_file(entity: dict[str, Any], files: dict[str, bytes]) -> Iterator[str]:
    """Yield what the entity of a file says that is not so."""
    content = files.get(unquote(entity["@id"]))
    if content is None:
        yield f"Data Entities: {entity['@id']} must be in the root"
        return
    told = (entity.get("contentSize"), entity.get("sha256"))
    if told != (str(len(content)), hashlib.sha256(content).hexdigest()):
        yield f"{entity['@id']}: other content"
    if "/" not in entity.get("encodingFormat", "") or not entity.get("description"):
        yield f"{entity['@id']}: no type or description"


def test_it_is_a_crate(written: Path) -> None:
    """No rule is broken, and every file of the archive is described."""
    files, manifest = read(written)
    assert list(broken(files, manifest)) == []
    listed = {each["@id"] for each in manifest["@graph"] if each["@type"] == "File"}
    assert listed == set(files)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("./", "datePublished"), ("./", "license"), ("./", "hasPart"), ("./", "name"),
        ("ro-crate-metadata.json", "about"), ("data/runs.csv", "sha256"),
        ("data/runs.csv", "@type"), ("provenance.json", "encodingFormat"),
    ],
)  # fmt: skip
def test_the_rules_see_what_is_missing(written: Path, place: str, name: str) -> None:
    """Without any one of these, a rule is broken."""
    files, manifest = read(written)
    del next(each for each in manifest["@graph"] if each["@id"] == place)[name]
    assert list(broken(files, manifest))


def test_it_has_all_data_of_the_site_and_the_rows_of_every_figure(
    written: Path, rendered: Rendered
) -> None:
    """As they stand beside the pages, to the bit."""
    files, _ = read(written)
    beside = [*(rendered.site / "data").iterdir(), *(rendered.site / "figures").glob("*.csv")]
    expected = {path.relative_to(rendered.site).as_posix() for path in beside}
    assert set(files) == {*expected, "provenance.json", "LICENSE.txt"}
    for name in expected:
        assert files[name] == (rendered.site / name).read_bytes()


def test_authors_code_and_licence_are_told(written: Path) -> None:
    """People and societies, the commit, and the licence by its name in SPDX."""
    _, manifest = read(written)
    known = {each["@id"]: each for each in manifest["@graph"]}
    kinds = [known[each["@id"]]["@type"] for each in known["./"]["author"]]
    assert kinds == ["Person", "Organization"]
    assert known["./"]["license"] == {"@id": "https://spdx.org/licenses/MIT"}
    assert known["#code"]["version"] == "a" * 40


def test_what_is_not_known_is_not_invented(rendered: Rendered) -> None:
    """Without day, authors, licence and commit the manifest says nothing of them."""
    own = Imprint("T")
    described = crate.contents(rendered.report.document, own)
    manifest = crate.crate(own, "D", described, dict.fromkeys(described, b""))
    root = next(each for each in manifest["@graph"] if each["@id"] == "./")
    assert not {"datePublished", "license", "author"} & root.keys()


def test_the_same_data_give_the_same_bytes() -> None:
    """The archive knows no time and no machine; other bytes make another one."""
    files = {"a.csv": b"1\n" * 1000, "b/c.json": b"{}"}
    once = crate.archive(files)
    assert once == crate.archive(dict(files)) != crate.archive(files | {"a.csv": b"2\n"})
    with zipfile.ZipFile(io.BytesIO(once)) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {each.external_attr >> 16 for each in packed.infolist()} == {0o644}


def test_it_is_packed_once(
    written: Path, rendered: Rendered, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is kept is taken as long as every file is the same, and no longer."""
    packed = list[int]()

    def archive(files: dict[str, bytes]) -> bytes:
        packed.append(len(files))
        return base64.b64encode(b"".join(files.values()))

    monkeypatch.setattr(crate, "archive", archive)
    cache, document = Cache(tmp_path), rendered.report.document
    for own in (OWN, OWN, dataclasses.replace(OWN, day="2026-11-27")):
        crate.write(written.parent, own, document, "D", cache)
    assert len(packed) == 2
