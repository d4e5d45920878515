"""A student on the line: answers and decides through HTTP, and remembers what the server acknowledged."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

from tests.durability.installation import COURSE, MODULE, PASSWORD, QUIZ, SCENARIO

Form = dict[str, str | list[str]]
ANSWER, DECISION, REFLECTION, END = "answer", "decision", "reflection", "end"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ACTION = re.compile(r'<form (?:id="answering" )?method="post" action="(/attempts/[^"]+)"')
QUIZ_ATTEMPT = re.compile(r"^/attempts/quiz/(\d+)/")
STEP = re.compile(r'name="step" value="(\d+)"')
PATIENCE = 150.0
"""Seconds without any answer after which a player gives up."""


class GaveUp(AssertionError):
    """The server did not come back, or said something that no journey expects."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    location: str
    text: str


class Wire:
    """A browser without a screen: one person's cookies, and a new connection for each request."""

    patience = 20.0
    """Seconds for one answer."""
    says: Mapping[str, str] = {}
    """Headers that it sends with each request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request; redirects are told, not followed. Raises OSError when the connection breaks."""
        connection = self._reached()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= self.says
        body = None if form is None else urlencode(form, doseq=True)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as problem:
            raise ConnectionError(str(problem)) from problem
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Reply(answer.status, urlsplit(answer.headers.get("Location", "")).path, text)

    def _reached(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=self.patience)


@dataclass
class Kept:
    """What was sent for one thing: each form, with whether the server acknowledged it."""

    tried: list[tuple[Form, bool]] = field(default_factory=list)

    @property
    def last_acknowledged(self) -> Form | None:
        """The last form that the server took."""
        return next((form for form, is_taken in reversed(self.tried) if is_taken), None)

    @property
    def possible(self) -> list[Form]:
        """What may stand in the database: the last form acknowledged, or one tried after it."""
        sent = [number for number, (_, is_taken) in enumerate(self.tried) if is_taken]
        return [form for form, _ in self.tried[sent[-1] if sent else 0 :]]


class Player(Thread):
    """Takes quizzes and scenarios over and over until told to stop."""

    def __init__(self, port: int, email: str, stop: Event, *, password: str = PASSWORD) -> None:
        super().__init__(name=email, daemon=True)
        self.email = email
        self.password = password
        self.kept: dict[tuple[str, int, int], Kept] = {}
        """(what, attempt, number) -> what was sent for it."""
        self.broken = 0
        self.problem: BaseException | None = None
        self._wire = Wire(port)
        self._stop_playing = stop
        self._random = Random(email)
        self._token = ""

    def run(self) -> None:
        try:
            self.sign_in()
            while not self._stop_playing.is_set():
                self.take_quiz()
                self.take_scenario()
        except BaseException as problem:  # noqa: BLE001  (told in the test's own thread)
            self.problem = problem

    @property
    def acknowledged(self) -> int:
        """How many acts the server has taken."""
        return sum(is_taken for kept in list(self.kept.values()) for _, is_taken in list(kept.tried))

    def sign_in(self) -> None:
        """Sign in, however often it takes."""
        self._token = self._find(TOKEN, self._get("/sign-in"))
        self._repeat(lambda: self._post("/sign-in", {"email": self.email, "password": self.password}))
        self._token = self._find(TOKEN, self._get(f"/learn/{COURSE}/{MODULE}/quiz/{QUIZ}"))

    def take_quiz(self) -> None:
        """Answer every question of a quiz at random, some of them twice, and hand in."""
        begun = self._repeat(lambda: self._post(f"/learn/{COURSE}/{MODULE}/quiz/{QUIZ}"))
        attempt = int(self._find(QUIZ_ATTEMPT, begun.location))
        for number in (1, 2, 3, 4, 5, 6, 7, self._random.randint(1, 7)):
            page = self._get(f"/attempts/quiz/{attempt}/questions/{number}")
            action = self._find(ACTION, page)
            self._act(ANSWER, attempt, number, action, lambda page=page: self._any_answer(page))  # type: ignore[misc]
        action = self._find(ACTION, self._get(f"/attempts/quiz/{attempt}/check"))
        self._act(END, attempt, 0, action, dict)

    def take_scenario(self) -> None:
        """Decide at random to the end of a scenario, and write a reflection."""
        begun = self._repeat(lambda: self._post(f"/learn/{COURSE}/{MODULE}/scenario/{SCENARIO}"))
        attempt = int(begun.location.rpartition("/")[2])
        while step := STEP.search(page := self._get(f"/attempts/scenario/{attempt}")):
            form: Form = {"step": step[1], "choice": str(self._random.randint(1, 3))}
            self._once(DECISION, attempt, int(step[1]), self._find(ACTION, page), form)
        debrief = f"/attempts/scenario/{attempt}/debrief"
        self._act(REFLECTION, attempt, 0, debrief, lambda: {"prompt_0": self._words(), "go": "save"})
        self._act(REFLECTION, attempt, 0, debrief, lambda: {"prompt_0": self._words()})
        self.kept[END, attempt, 0] = Kept([({}, True)])

    # ---- one act

    def _act(self, what: str, attempt: int, number: int, path: str, form: Callable[[], Form]) -> None:
        """Do something until the server has taken it; each time anew, so that the tries differ."""
        self._repeat(lambda: self._once(what, attempt, number, path, form()))

    def _once(self, what: str, attempt: int, number: int, path: str, form: Form) -> Reply | None:
        reply = self._post(path, form)
        kept = self.kept.setdefault((what, attempt, number), Kept())
        kept.tried.append((form, reply is not None))
        return reply

    def _post(self, path: str, form: Form | None = None) -> Reply | None:
        """Send a form; None when the connection broke, so that nobody knows. Anything but 303 is a fault."""
        try:
            reply = self._wire.send("POST", path, (form or {}) | {"csrf_token": self._token})
        except OSError:
            self.broken += 1
            return None
        if reply.status != 303:
            raise GaveUp(f"{path} answered {reply.status}: {_words_of(reply.text)}")
        return reply

    def _repeat(self, act: Callable[[], Reply | None]) -> Reply:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if (reply := act()) is not None:
                return reply
            time.sleep(0.1)
        raise GaveUp("the server did not come back")

    def _get(self, path: str) -> str:
        """A page, or "" where it only leads on to another; waits while nobody answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                reply = self._wire.send("GET", path)
            except OSError:
                time.sleep(0.1)
                continue
            if reply.status not in (200, 303):
                raise GaveUp(f"{path} answered {reply.status}: {_words_of(reply.text)}")
            return reply.text if reply.status == 200 else ""
        raise GaveUp("the server did not come back")

    def _any_answer(self, page: str) -> Form:
        """Some answer to the question on the page."""
        rows = re.findall(r'<select id="(row-\d+)"', page)
        steps = re.findall(r'name="order" value="(\d+)"', page)
        options = re.findall(r'name="answer" value="(\d+)"', page)
        if rows:
            return {row: str(self._random.randint(1, len(rows))) for row in rows}
        if steps:
            return {"order": self._random.sample(steps, len(steps))}
        return {"answer": self._random.choice(options)}

    def _words(self) -> str:
        return f"Reflection {self._random.getrandbits(64):x}"

    @staticmethod
    def _find(pattern: re.Pattern[str], text: str) -> str:
        found = pattern.search(text)
        if found is None:
            raise GaveUp(f"no {pattern.pattern} on the page: {_words_of(text)}")
        return found[1]


def _words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())[:300]
