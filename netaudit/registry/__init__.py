"""The MAC registries as files: read the formats they come in, keep a newer copy for the user, fetch them on request."""
