"""The evidence pack as a container: names, manifest, deterministic archive, signature, time stamp, careful reading."""
