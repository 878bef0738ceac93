"""oidc_provider.py PORT CLAIMS...: the provider of oidc-provider-mock, which here also holds clients to PKCE (S256)."""

import json
import os
import sys
from urllib.parse import parse_qs, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import flask
import oidc_provider_mock
import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from oidc_provider_mock import User

people = [json.loads(text) for text in sys.argv[2:]]
app = oidc_provider_mock.app(
    require_nonce=True, user_claims=[User(sub=person.pop("sub"), claims=person) for person in people]
)
challenges: dict[str, str] = {}


@app.after_request
def remember(answer: flask.Response) -> flask.Response:
    """Keep the challenge that came with the request for each code that goes out."""
    for code in parse_qs(urlsplit(answer.headers.get("location", "")).query).get("code", []):
        challenges[code] = flask.request.args.get("code_challenge", "")
    return answer


@app.before_request
def check() -> tuple[dict[str, str], int] | None:
    """A code is worth nothing without the verifier of its challenge."""
    if flask.request.path != "/oauth2/token":
        return None
    verifier = flask.request.form.get("code_verifier", "")
    if create_s256_code_challenge(verifier) == challenges.get(flask.request.form.get("code", "")):
        return None
    return {"error": "invalid_grant"}, 400


uvicorn.run(app, interface="wsgi", host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
