"""What puts the site up: the workflow, the container, and how the report is cited."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from build import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "site.yml"
CONTAINER = ROOT / "Containerfile"
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
COMMENT = re.compile(r" #.*$|^#.*\n", re.MULTILINE)


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    """Return the jobs of the workflow."""
    made: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    return made


def lines(path: Path) -> list[str]:
    """Return the instructions of a container's file, each in one line, without comments."""
    text = COMMENT.sub("", path.read_text("utf-8")).replace("\\\n", "")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_every_action_is_pinned_to_a_commit() -> None:
    """By its whole digest, with the version it is of as a comment; nothing else is fetched."""
    text = WORKFLOW.read_text("utf-8")
    used = re.findall(r"uses: (.*)$", text, re.MULTILINE)
    assert [each.partition("@")[0] for each in used] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-pages-artifact",
        "actions/deploy-pages",
    ]
    pinned = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [each for each in used if not pinned.fullmatch(each)] == []
    assert "://" not in text


def test_a_job_may_do_no_more_than_it_must(jobs: dict[str, Any]) -> None:
    """One reads, the other puts up; neither has a secret, and what was checked out has no key."""
    text = WORKFLOW.read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert jobs["build"]["steps"][0]["with"] == {"persist-credentials": False}
    assert "secrets" not in text
    assert "pull_request_target" not in text


def test_what_is_put_up_was_checked_tested_and_rendered(jobs: dict[str, Any]) -> None:
    """By make alone, on Linux and on a Mac, and goes up from the default branch."""
    steps = jobs["build"]["steps"]
    ran = [each["run"] for each in steps if "run" in each]
    assert ran == ["make check", "make test", "make render RESULTS=published"]
    assert {each.split()[1] for each in ran} <= TARGETS
    assert jobs["build"]["strategy"]["matrix"]["system"] == ["ubuntu-24.04", "macos-15"]
    assert steps[-1]["with"] == {"path": "site"}
    deploy = jobs["deploy"]
    assert deploy["needs"] == "build"
    assert deploy["if"] == (
        "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    )
    assert deploy["concurrency"] == {"group": "pages", "cancel-in-progress": False}


def test_the_image_is_built_on_pinned_ones() -> None:
    """Both stages on one tag and digest, and what runs in either is not root."""
    read = lines(CONTAINER)
    bases = [line.split()[1] for line in read if line.startswith("FROM ")]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(
        r"docker\.io/library/python:3\.12\.\d+-slim-\w+@sha256:[0-9a-f]{64}", bases[0]
    )
    assert [line for line in read if line.startswith("USER ")] == ["USER 1000", "USER 65534"]


def test_the_image_makes_the_site_with_what_is_there() -> None:
    """What is copied into it exists, and what is made is a target, or the stamp of the set-up."""
    read = lines(CONTAINER)
    copied = [line.split()[2:-1] for line in read if line.startswith("COPY --chown")]
    assert [each for each in copied for name in each if not (ROOT / name).exists()] == []
    made = [line.split() for line in read if line.startswith("RUN make ")]
    assert made == [
        ["RUN", "make", ".venv/requirements.stamp"],
        ["RUN", "make", "render", "RESULTS=published"],
    ]
    assert 'CMD ["make", "report"]' in read


def test_what_git_leaves_out_is_left_out_of_the_image() -> None:
    """But for how a place in the project's folder is written, both files say the same."""

    def ignored(name: str) -> list[str]:
        text = (ROOT / name).read_text("utf-8")
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    places = [
        re.sub(r"^(!?)/?(.*?)/?$", r"\1\2" if "/" in line.rstrip("/") else r"\1**/\2", line)
        for line in ignored(".gitignore")
    ]
    assert ignored(".dockerignore") == places


def test_a_person_is_told_what_to_fill_in() -> None:
    """What the format demands is there; what only a person knows is there, or named as missing."""
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    about = yaml.safe_load(text)
    assert {"cff-version", "message", "title", "authors"} <= about.keys()
    assert about["cff-version"] == "1.2.0"
    for key in ("repository-code", "doi"):
        assert key in about or re.search(rf"^# .*`{key}`", text, re.MULTILINE)
    people = all("family-names" in author for author in about["authors"])
    assert people or "# To be filled in: each person by `family-names`" in text
