"""What a browser says while a page is used: requests that leave the origin, errors, broken parts."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

STATUS_OF_A_PAGE = "Failed to load resource"
"""How the console repeats a status or a lost connection; `Watch` looks at the responses themselves."""
INSIDE = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""Requests that no network sees; with the last two the browser's own viewer shows a PDF."""


class Watch:
    """Listens to a context, and keeps what went wrong in it."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self.requests: list[Request] = []
        self._origin = origin
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self._origin + "/", *INSIDE)):
            self.faults.append(f"a request left the origin: {request.url}")

    def _response(self, response: Response) -> None:
        is_part = response.request.resource_type in ("stylesheet", "script", "image", "font")
        if is_part and response.status >= 400:
            self.faults.append(f"{response.url} answered {response.status}")

    def _console(self, message: ConsoleMessage) -> None:
        place = str(message.location.get("url", ""))
        is_bad = message.type in ("error", "warning") and not message.text.startswith(STATUS_OF_A_PAGE)
        if is_bad and not place.startswith(INSIDE):
            self.faults.append(f"the console says on {place}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"a script failed on {error.page.url if error.page else '?'}: {error.error}")
