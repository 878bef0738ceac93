"""The readable part of an evidence pack, made from the report and the log. Pure: no clock, no file."""
