"""One format a file. A module joins by being there: it holds FORMAT, or FORMATS where two share their reading."""
