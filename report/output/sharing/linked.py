"""The report as linked data of schema.org: an article, its data and its code."""

from collections.abc import Iterable, Mapping
from typing import Any

from report.document.authors import Author
from report.output.sharing.imprint import Imprint

Entity = dict[str, Any]
ARTICLE, DATA, CODE = "#article", "#data", "#code"


def graph(imprint: Imprint, description: str, archive: str, picture: str) -> Entity:
    """Return the report as JSON-LD for its first page; what is not known is left out.

    `archive` is the file of all data, and `picture` that of links, "" for none.
    """
    told = {"author": authors(imprint), "license": licences(imprint), "datePublished": imprint.day}
    article = {
        "@type": "ScholarlyArticle",
        "@id": ARTICLE,
        "headline": imprint.title,
        "abstract": description,
        "inLanguage": "en",
        "url": imprint.about.site,
        "image": imprint.address(picture) if picture else "",
        "encoding": _file("MediaObject", imprint.address("report.pdf"), "application/pdf"),
        "isBasedOn": [{"@id": DATA}, {"@id": CODE}],
    }
    data = {
        "@type": "Dataset",
        "@id": DATA,
        "name": f"{imprint.title}: the data",
        "description": f"Every training run behind the report. {description}",
        "distribution": _file("DataDownload", imprint.address(archive), "application/zip"),
    }
    return {
        "@context": "https://schema.org",
        "@graph": [known(article | told), known(data | told), code(imprint, CODE)],
    }


def code(imprint: Imprint, name: str) -> Entity:
    """Return the code that made the report, called `name`."""
    return known(
        {
            "@type": "SoftwareSourceCode",
            "@id": name,
            "name": f"{imprint.title}: the code",
            "programmingLanguage": "Python",
            "codeRepository": imprint.about.repository,
            "version": imprint.commit,
            "license": licences(imprint),
        }
    )


def authors(imprint: Imprint) -> list[Entity]:
    """Return the authors: people, and what else has a name."""
    return [_author(each) for each in imprint.about.authors]


def licences(imprint: Imprint) -> list[str]:
    """Return the addresses of the licences."""
    return [licence_address(each) for each in imprint.licences]


def licence_address(name: str) -> str:
    """Return where SPDX has the words of a licence."""
    return f"https://spdx.org/licenses/{name}"


def known(entity: Mapping[str, Any]) -> Entity:
    """Return an entity without what is empty."""
    return {name: value for name, value in entity.items() if value not in ("", [], {})}


def _author(author: Author) -> Entity:
    kind = "Person" if author.family else "Organization"
    names = {"familyName": author.family, "givenName": author.given}
    return known({"@type": kind, "name": author.name, **names})


def _file(kind: str, address: str, encoding: str) -> Entity:
    return {"@type": kind, "contentUrl": address, "encodingFormat": encoding}


def parts(names: Iterable[str]) -> Entity | list[Entity]:
    """Return references to entities; one alone is no list, as the compact form has it."""
    found = [{"@id": name} for name in names]
    return found[0] if len(found) == 1 else found
