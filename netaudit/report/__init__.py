"""What people hand on: one view model, one output format a file. Pure."""
