"""Signing in and out. Whoever was sent here goes back to where they were."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.access.cookies import clear_cookie
from services.access.entrance import Entrance, keep_in_browser
from services.console import render
from services.console.viewer import Viewer
from services.console.visit import FormFields, Visiting
from services.http.addresses import own_path
from services.http.problems import detail, language_of, problem_of
from services.http.who import TheProduct, check_origin, token_of
from services.product import Product
from services.sessions.accounts import Accounts
from services.sessions.member import NoPost, TooManyTries, WrongCredentials
from services.words.sentences import say

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def page(request: Request, product: TheProduct, next: str = "/") -> Response:  # the address's own word
    return _page(request, product, next, "", "", 200)


async def _from_here(request: Request) -> None:
    """A sign-in from another site would put a stranger's session into this browser."""
    check_origin(request)


@router.post("/sign-in")
async def sign_in(
    request: Request, form: FormFields, product: TheProduct, _own: Annotated[None, Depends(_from_here)]
) -> Response:
    username, password, back = form.get("username", ""), form.get("password", ""), form.get("next", "/")
    try:
        entered = await product.part(Entrance).sign_in(request, username, password)
    except (WrongCredentials, TooManyTries) as error:
        problem, language = problem_of(error), language_of(request)
        said = say(language, "sign-in-no-post") if isinstance(error, NoPost) else detail(language, problem)
        return _page(request, product, back, username[:64], said, problem.status)
    response = RedirectResponse(own_path(back), 303)
    keep_in_browser(response, product, entered)
    return response


@router.post("/sign-out")
def sign_out(visit: Visiting) -> Response:
    token, _ = token_of(visit.request, visit.product)
    assert token is not None
    visit.product.part(Accounts).sign_out(token)
    response = RedirectResponse("/sign-in", 303)
    clear_cookie(response, visit.product)
    return response


def _page(request: Request, product: Product, back: str, username: str, said: str, status: int) -> Response:
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    html = render.html("sign_in.html", viewer, product.clock(), back=own_path(back), username=username, said=said)
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})
