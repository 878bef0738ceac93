"""The application: every file of `pages/` and `api/` brings its routes, each with its decision who may ask."""

import getpass
import importlib
import pkgutil
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fastapi import Depends, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from netaudit import __version__
from netaudit.errors import NetauditError, UsageError
from netaudit.store.people import EditConflictError
from netaudit.store.store import Store
from netaudit.web import api, pages
from netaudit.web.choices import Choices
from netaudit.web.gate import Gate
from netaudit.web.guard import Limiter, RefusedError, guard
from netaudit.web.jobs import Jobs
from netaudit.web.oidc import SignIn
from netaudit.web.page import page
from netaudit.web.problems import problem
from netaudit.web.roles import Route
from netaudit.web.settings import Settings

_STATIC: Final = Path(__file__).resolve().parent / "static"


def routes() -> Iterator[Route]:
    """Yield every route of every page and of the API, in the order of their files."""
    for room in (pages, api):
        for module in sorted(info.name for info in pkgutil.iter_modules(room.__path__)):
            found = importlib.import_module(f"{room.__name__}.{module}")
            yield from getattr(found, "ROUTES", ())


def create_app(store: Store, settings: Settings, a_minute: int = 1200) -> FastAPI:
    """Return the application over an open store. `a_minute`: requests of one person, or of an address of strangers."""
    app = FastAPI(
        title="netaudit", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        description="Devices, runs and plans of a netaudit store.",
    )  # fmt: skip
    app.state.store, app.state.settings = store, settings
    app.state.limiter, app.state.a_minute = Limiter(), a_minute
    app.state.jobs, app.state.choices = Jobs(), Choices()
    app.state.sign_in = SignIn(settings.oidc) if settings.oidc else None
    app.state.local, app.state.key = getpass.getuser(), secrets.token_urlsafe(24)
    for route in routes():
        options: dict[str, Any] = {"include_in_schema": route.path.startswith("/api/"), **dict(route.options)}
        app.add_api_route(
            route.path, route.endpoint, methods=[route.method], dependencies=[Depends(guard(route.allow))],
            response_model=None, **options,
        )  # fmt: skip
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(Gate, settings=settings)
    _explain_errors(app)
    return app


def _explain_errors(app: FastAPI) -> None:
    from fastapi.exceptions import RequestValidationError

    @app.exception_handler(RefusedError)
    def refused(request: Request, error: RefusedError) -> Response:
        if error.status == 401 and not _is_api(request):
            return RedirectResponse("/login", 303)
        return _said(request, error.status, error.text)

    @app.exception_handler(EditConflictError)
    def conflict(request: Request, error: EditConflictError) -> Response:
        return _said(request, 409, str(error), current=dict(error.current))

    @app.exception_handler(UsageError)
    def wrong(request: Request, error: UsageError) -> Response:
        return _said(request, 422, str(error))

    @app.exception_handler(NetauditError)
    def failed(request: Request, error: NetauditError) -> Response:
        return _said(request, 500, str(error))

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        return _said(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        fields = {".".join(map(str, item["loc"][1:])) or str(item["loc"][0]): item["msg"] for item in error.errors()}
        return _said(request, 422, "Some of this cannot be used.", errors=fields)


def _said(request: Request, status: int, text: str, **more: Any) -> Response:
    if _is_api(request):
        return JSONResponse(problem(status, text, **more), status, media_type="application/problem+json")
    if not hasattr(request.state, "person"):
        request.state.person = None
    return page(request, "error.html.j2", status, code=status, text=text, more=more)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
