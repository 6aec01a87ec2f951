"""The environment of every process we start: what it inherits, by name, and what we set.

Other people's variables change what libraries do: bits of every network (TF_DETERMINISTIC_OPS,
TF_ENABLE_ONEDNN_OPTS, ONEDNN_MAX_CPU_ISA, and keras.json in the home folder), or whether anything
runs at all (MPLBACKEND, KERAS_BACKEND, TF_XLA_FLAGS). So a process inherits what is listed here and
nothing else. Only the standard library is imported: the set-up runs before any package is there.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|PWD|TERM|COLORTERM|NO_COLOR|COLUMNS|LINES|TZ|CI|"
    r"LANG|LANGUAGE|LC_\w+|TMPDIR|TEMP|TMP|XDG_\w+|"
    r"LD_LIBRARY_PATH|LD_PRELOAD|DYLD_\w+|"  # where the system's own libraries are
    r"FONTCONFIG_FILE|FONTCONFIG_PATH|MPLCONFIGDIR|"  # places, not settings
    r"GIT_CONFIG\w*|GIT_CEILING_DIRECTORIES|"
    r"CHROMIUM|DEBIAN_FRONTEND|PYTEST_\w+|"
    r"(?:https?|all|no|HTTPS?|ALL|NO)_(?:proxy|PROXY)|SSL_CERT_\w+|\w+_CA_BUNDLE"
)
"""Names that say where things are and who is there; none changes a number."""
OF_PREVIEW = re.compile(r"REPORT_(?:LIFELINE|ERROR_RECORD|PRESS)")
"""What a preview tells the builds that it starts."""
VOUCHER = "REPORT_LIFELINE"
"""Of these, the one that names the preview, by the number of its process."""
OF_BUILD = {"MPLBACKEND": "agg"}
OF_WORKER = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "XLA_FLAGS": "--xla_cpu_experimental_ynn_fusion_type=",
    "KERAS_BACKEND": "tensorflow",
}
"""One thread, no accelerator, and Eigen's matrix products.

For small batches those are about 7 % faster here than what XLA takes by default.
"""
OF_PIP = {"PIP_USER": "0", "PIP_NO_DEPS": "0", "PIP_DRY_RUN": "0"}
"""What a file of pip's may ask for as well, and a variable outdoes."""
MIRROR = re.compile(
    r"PIP_(?:INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|"
    r"KEYRING_PROVIDER|CACHE_DIR|NO_CACHE_DIR|(?:DEFAULT_)?TIMEOUT|RETRIES|CONFIG_FILE)|NETRC"
)
"""Where packages come from, and how: that is the user's affair."""


def of_build(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a build, made of the one that it was called in.

    What a preview tells counts for who was started by it: others may have set it for their own
    builds, and a build writes into a file, and ends processes, on its word.
    """
    told = variables if variables.get(VOUCHER) == str(os.getppid()) else {}
    previewed = {name: value for name, value in told.items() if OF_PREVIEW.fullmatch(name)}
    return _inherited(variables) | previewed | OF_BUILD


def of_worker(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of a worker, whose temporary files go into `folder`.

    Keras reads and writes its settings there too, not in the home folder.
    """
    own = {"TMPDIR": str(folder), "KERAS_HOME": str(folder)}
    return _inherited(variables) | OF_WORKER | own


def of_setup(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the set-up: pip keeps its user's mirror, and none of his habits."""
    mirror = {name: value for name, value in variables.items() if MIRROR.fullmatch(name)}
    return _inherited(variables) | mirror | OF_PIP


@contextlib.contextmanager
def replaced(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process, and whatever it starts meanwhile, have these variables and no other."""
    before = dict(os.environ)
    replace(variables)
    try:
        yield
    finally:
        replace(before)


def replace(variables: Mapping[str, str]) -> None:
    """Give this process these variables and no other."""
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def _inherited(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if INHERITED.fullmatch(name)}
