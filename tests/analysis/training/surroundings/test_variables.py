"""Which variables a process of ours has, whatever the shell around it holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.training.surroundings import variables
from build import ROOT
from report.output.paper import room
from report.output.serve import faults, lifeline

HOSTILE = (
    "TF_DETERMINISTIC_OPS", "TF_USE_LEGACY_KERAS", "TF_XLA_FLAGS", "TF_ENABLE_ONEDNN_OPTS",
    "TF_NUM_ANYTHING", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "XLA_ANYTHING",
    "MATPLOTLIBRC", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONWARNINGS", "OPENBLAS_CORETYPE",
    "NPY_DISABLE_CPU_FEATURES", "MKL_CBWR", "GLIBC_TUNABLES", "PIP_TARGET", "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT", "GIT_DIR", "GIT_WORK_TREE", "SOURCE_DATE_EPOCH",
    "TYPST_FONT_PATHS", "SETUPTOOLS_ANYTHING", "A_VARIABLE_OF_TOMORROW",
)  # fmt: skip
NEEDED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "https_proxy",
    "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "XDG_CACHE_HOME", "MPLCONFIGDIR",
)  # fmt: skip
MIRROR = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "PIP_PROXY", "PIP_CONFIG_FILE")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_process_of_ours_inherits_what_changes_it(name: str, tmp_path: Path) -> None:
    """Neither a build nor a worker nor the set-up sees the variable."""
    around = {name: "theirs"}
    for ours in (
        variables.of_build(around),
        variables.of_worker(around, tmp_path),
        variables.of_setup(around),
    ):
        assert "theirs" not in ours.values()


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("KERAS_BACKEND", "tensorflow"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
        ("OMP_NUM_THREADS", "1"),
        ("TF_NUM_INTRAOP_THREADS", "1"),
    ],
)
def test_a_worker_has_its_own_value(name: str, ours: str, tmp_path: Path) -> None:
    """What a worker is given outdoes what is around it."""
    assert variables.of_worker({name: "theirs"}, tmp_path)[name] == ours


def test_a_build_draws_without_a_screen() -> None:
    """The backend that a notebook's shell asks matplotlib for is not loaded."""
    around = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    assert variables.of_build(around)["MPLBACKEND"] == "agg"


PREVIEW = {lifeline.VARIABLE: "", faults.RECORD: "/theirs", room.ADDRESS: "/theirs"}


def test_what_a_preview_tells_counts_for_the_builds_that_it_starts(tmp_path: Path) -> None:
    """The number of the parent process vouches for it; a stray variable of a shell has no say."""
    own = PREVIEW | {lifeline.VARIABLE: str(os.getppid())}
    assert own.items() <= variables.of_build(own).items()
    for number in ("0", "", str(os.getpid()), f"{os.getppid()} "):
        stray = PREVIEW | {lifeline.VARIABLE: number}
        assert variables.of_build(stray) == variables.OF_BUILD
    del own[lifeline.VARIABLE]
    assert variables.of_build(own) == variables.OF_BUILD
    assert not variables.of_worker(PREVIEW, tmp_path).keys() & PREVIEW.keys()


@pytest.mark.parametrize("ours", [True, False])
def test_a_build_writes_its_error_into_no_file_of_others(tmp_path: Path, ours: bool) -> None:
    """Through the real front door, which begins anew: a preview's own file, and no other."""
    record = tmp_path / "precious.txt"
    record.write_text("precious")
    told = {faults.RECORD: str(record), lifeline.VARIABLE: str(os.getpid() if ours else 1)}
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "plan", "--study", "none.toml"],
        env=os.environ | told, capture_output=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert ("none.toml" in record.read_text()) is ours
    assert (record.read_text() == "precious") is not ours


def test_pip_keeps_the_mirror_and_none_of_the_habits() -> None:
    """Where packages come from is the user's affair; into which environment is not."""
    habits = {"PIP_USER": "1", "PIP_NO_DEPS": "1", "PIP_DRY_RUN": "1", "PIP_TARGET": "/x"}
    ours = variables.of_setup(dict.fromkeys(MIRROR, "theirs") | habits)
    assert {name for name, value in ours.items() if value == "theirs"} == set(MIRROR)
    assert {ours.get(name) for name in habits} == {"0", None}
    assert "PIP_TARGET" not in ours


@pytest.mark.parametrize("name", NEEDED)
def test_what_says_where_things_are_is_inherited(name: str, tmp_path: Path) -> None:
    """Without these a process finds neither its libraries nor the network."""
    around = {name: "theirs"}
    for ours in (
        variables.of_build(around),
        variables.of_worker(around, tmp_path),
        variables.of_setup(around),
    ):
        assert ours[name] == "theirs"


def test_an_environment_is_replaced_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside there are the given variables and no other; afterwards all is as before."""
    monkeypatch.setenv("THEIRS", "1")
    before = dict(os.environ)
    with variables.replaced({"OURS": "2"}):
        assert dict(os.environ) == {"OURS": "2"}
    assert dict(os.environ) == before
