"""All data as one archive, described by a manifest of RO-Crate 1.1 (w3id.org/ro/crate/1.1)."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from analysis.results.cache import Cache, digest
from report.document.document import Document
from report.output import export
from report.output.sharing import linked
from report.output.sharing.imprint import Imprint
from report.output.sharing.linked import Entity

FILE = "data.zip"
MANIFEST = "ro-crate-metadata.json"
LICENCE = "LICENSE.txt"
VERSION = "https://w3id.org/ro/crate/1.1"
TERMS = {"sha256": "http://schema.org/sha256"}
"""Terms that schema.org has, and the context of RO-Crate 1.1 not yet."""
TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that an archive can tell: no clock is read."""
CODE = "#code"


def write(site: Path, imprint: Imprint, document: Document, description: str, cache: Cache) -> None:
    """Write the archive of the data in the folder of a site into it.

    The same data give the same bytes; they are packed once as long as the cache lasts.
    """
    described = contents(document, imprint)
    files = {name: (site / name).read_bytes() for name in described}
    manifest = json.dumps(
        crate(imprint, description, described, files), indent=1, ensure_ascii=False
    )
    packed = {MANIFEST: f"{manifest}\n".encode(), **files}

    def make() -> str:
        return base64.b64encode(archive(packed)).decode("ascii")

    key = digest("archive", manifest)  # which has the digest of every file
    (site / FILE).write_bytes(base64.b64decode(cache.text(key, make)))


def contents(document: Document, imprint: Imprint) -> dict[str, str]:
    """Return what the archive has, in order, with what each file is."""
    figures = {
        f"figures/{name}.csv": f"The rows of {document.labels[f'fig:{name}'].text}: {title}"
        for name, title in document.titles.items()
    }
    return {
        **{f"data/{name}": about for name, about in export.FILES.items()},
        **figures,
        export.PROVENANCE: export.WHENCE,
        **({LICENCE: "the words of the licence"} if imprint.licensed else {}),
    }


def crate(
    imprint: Imprint, description: str, described: Mapping[str, str], files: Mapping[str, bytes]
) -> Entity:
    """Return the manifest: a flat graph in which the root names every file.

    Without a known day it has no date, which the specification asks for: none is invented.
    """
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{imprint.title}: the data",
        "description": description,
        "datePublished": imprint.day,
        "license": linked.parts(linked.licences(imprint)),
        "author": linked.parts(f"#author-{n}" for n, _ in enumerate(imprint.authors, start=1)),
        "isBasedOn": {"@id": CODE},
        "hasPart": linked.parts(map(quote, described)),
    }
    about = {
        "@id": MANIFEST,
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": "./"},
    }
    beside = [*_licences(imprint), *_authors(imprint), _code(imprint)]
    listed = [_file(name, text, files[name]) for name, text in described.items()]
    context = [f"{VERSION}/context", TERMS]
    return {"@context": context, "@graph": [about, linked.known(root), *listed, *beside]}


def _file(name: str, about: str, content: bytes) -> Entity:
    return {
        "@id": quote(name),
        "@type": "File",
        "name": Path(name).name,
        "description": about,
        "encodingFormat": TYPES[Path(name).suffix],
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _licences(imprint: Imprint) -> Iterator[Entity]:
    for name in imprint.licences:
        yield {
            "@id": linked.licence_address(name),
            "@type": "CreativeWork",
            "name": name,
            "description": f"The licence {name} of SPDX: for the code, the text and the data.",
        }


def _authors(imprint: Imprint) -> Iterator[Entity]:
    for number, author in enumerate(linked.authors(imprint), start=1):
        yield {"@id": f"#author-{number}", **author}


def _code(imprint: Imprint) -> Entity:
    told = linked.code(imprint, CODE)
    return linked.known({**told, "license": linked.parts(linked.licences(imprint))})


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP archive: the same bytes for the same files, whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            into.writestr(entry, content)
    return packed.getvalue()
