"""Who allowed what: the written scope, and the gate that every packet passes."""
