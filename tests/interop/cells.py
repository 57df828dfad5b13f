"""Whether a value that a program read and a cell of a published CSV file say the same."""

import datetime
import math

from report import unguarded


def is_same(value, cell, tolerance=0.0):
    """Null is an empty cell; times are ISO and UTC; floats may differ by the relative tolerance."""
    match value:
        case None:
            return cell == ""
        case bool():
            return cell == str(value).lower()
        case float():
            return cell != "" and math.isclose(value, float(cell), rel_tol=tolerance)
        case datetime.datetime():
            utc = value.astimezone(datetime.UTC).replace(tzinfo=None)
            return cell == utc.isoformat(timespec="microseconds") + "Z"
        case datetime.date():
            return cell == value.isoformat()
        case str():
            return unguarded(cell) == value
        case _:
            return cell == str(value)
