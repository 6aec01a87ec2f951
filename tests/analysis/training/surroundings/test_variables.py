"""Which variables a process of ours has, whatever the shell around it holds."""

import os
from pathlib import Path

import pytest

from analysis.training.surroundings import variables

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
