"""What a store tells of all its runs, of other studies too: how they were set, how long they took.

A record is there to explain and to foretell: one that cannot be read tells nothing, and is no
error.
"""

import math
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from analysis.plan.result import Record
from analysis.plan.run import Measurements, RunSettings

QUERY = (
    "SELECT run_id, settings, epochs, begin_s, (SELECT total(train_s) FROM epochs WHERE "
    "epochs.run_id = runs.run_id), compile_s, measurements, environment FROM runs ORDER BY run_id"
)
SETTINGS = TypeAdapter(RunSettings)


def read(row: Sequence[Any], measurements: Measurements, here: bool) -> Record | None:
    """Return the record of a row of QUERY, whose last two cells have been read already.

    None where it is not of this project's runs as they are now.
    """
    run_id, settings, epochs, *seconds = row
    try:
        known = SETTINGS.validate_json(settings)
    except ValidationError:
        return None
    if not all(math.isfinite(each) and each >= 0 for each in seconds):
        return None
    begin_s, epochs_s, compile_s = seconds
    return Record(run_id, known, epochs, measurements, begin_s, epochs_s, compile_s, here)
