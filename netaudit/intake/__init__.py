"""Other people's evidence: files of other programs to observations, one format a file. Nothing is sent."""
