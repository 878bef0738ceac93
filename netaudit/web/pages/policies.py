"""Laws and policies: whom each binds, what it asks, where it is written."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from netaudit.policy.policies import load_policies
from netaudit.web.page import page
from netaudit.web.roles import READ, Route


def listing(request: Request) -> Response:
    """All policies: duties first."""
    policies = sorted(load_policies(), key=lambda policy: (not policy.duty, policy.jurisdiction, policy.id))
    return page(request, "policies.html.j2", policies=policies)


def one(request: Request, policy: str) -> Response:
    """One policy, whole."""
    found = next((item for item in load_policies() if item.id == policy), None)
    if found is None:
        raise HTTPException(404, "There is no such policy.")
    return page(request, "policy.html.j2", policy=found)


ROUTES = (Route("GET", "/policies", READ, listing), Route("GET", "/policies/{policy}", READ, one))
