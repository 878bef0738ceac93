"""Report forms of a regime: fields from data, values from a run and from what people wrote down. Pure."""
