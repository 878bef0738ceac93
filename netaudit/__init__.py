"""netaudit: which cameras are on our own networks, who really made each one, and how do we get the banned ones out?"""

__version__ = "0.1.0"
