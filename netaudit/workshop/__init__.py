"""Tools for those who tend the knowledge: lint, trials, coverage, drafts, pages of makers. Pure but for reading."""
