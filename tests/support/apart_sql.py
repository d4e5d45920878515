"""Reading a SQL statement as far as the rule of academies apart needs it: which tables, under which conditions."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|%\(\w+\)s(?:::\w+(?:\[\])?)?|%s|\?|:\w+|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|<>|!=|<=|>=|\|\||::|\S"
)
ENDS_FROM = {"WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "SET", "RETURNING", "UNION", "EXCEPT"}
ENDS_FROM |= {"INTERSECT", "WINDOW", "FOR", "VALUES"}
WORDS = ENDS_FROM | {
    "ON",
    "JOIN",
    "LEFT",
    "RIGHT",
    "INNER",
    "OUTER",
    "FULL",
    "CROSS",
    "AS",
    "USING",
    "NATURAL",
    "LATERAL",
}
CONDITIONS = {"WHERE", "ON", "HAVING"}
COMPOUND = {"UNION", "EXCEPT", "INTERSECT"}


@dataclass(eq=False)
class Alias:
    """A table as it is named in one SELECT: the columns compared with values, and with columns of others."""

    table: str
    valued: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    """The columns that are IN what another SELECT finds, which is read by itself."""
    equal: "list[tuple[str, Alias, str]]" = field(default_factory=list)


@dataclass(eq=False)
class Select:
    """One SELECT, UPDATE or DELETE with its tables; `outer` is the one that it stands in."""

    outer: "Select | None" = None
    names: dict[str, Alias] = field(default_factory=dict)
    part: str = "SELECT"

    @property
    def own(self) -> list[Alias]:
        """Its own tables."""
        return list(self.names.values())

    def seen(self) -> set[Alias]:
        """Its tables and those of the statements around it."""
        return {*self.own, *(self.outer.seen() if self.outer else ())}

    def find(self, name: str) -> Alias | None:
        """The table of this name here, or else around."""
        return self.names.get(name) or (self.outer.find(name) if self.outer else None)


def selects_in(statement: str) -> list[Select]:
    """Every SELECT, UPDATE and DELETE of a statement, the inner ones too."""
    return _Reader(TOKEN.findall(statement)).read()


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0
        self._found: list[Select] = []

    def read(self) -> list[Select]:
        self._statement(None)
        for select, here in self._equalities:
            self._compare(select, here)
        return self._found

    _equalities: list[tuple[Select, int]]

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if 0 <= at < len(self._tokens) else ""

    def _statement(self, outer: Select | None) -> None:
        """Read until the bracket that was open closes."""
        if outer is None:
            self._equalities = []
        select = self._begin(outer)
        while self._at < len(self._tokens):
            token, word = self._peek(), self._peek().upper()
            if token == "(":
                self._at += 1
                if self._peek().upper() in ("SELECT", "WITH"):
                    self._statement(select)
                elif select.part in ("FROM", "JOIN"):
                    select.part = "FROM"
                    self._table(select)
                    self._inside(select)
                else:
                    self._inside(select)
                continue
            self._at += 1
            if token == ")":
                return
            select = self._word(select, word, token, outer)

    def _inside(self, select: Select) -> None:
        """Read what stands in brackets that hold no statement of their own."""
        while self._at < len(self._tokens):
            token, word = self._peek(), self._peek().upper()
            self._at += 1
            if token == "(":
                if self._peek().upper() in ("SELECT", "WITH"):
                    self._statement(select)
                else:
                    self._inside(select)
            elif token == ")":
                return
            elif word in ("JOIN", "ON") and select.part in ("FROM", "ON", "JOIN"):
                self._word(select, word, token, select.outer)
            elif (select.part in CONDITIONS and token == "=") or word == "IN":
                self._equalities.append((select, self._at - 1))

    def _begin(self, outer: Select | None) -> Select:
        select = Select(outer)
        self._found.append(select)
        return select

    def _word(self, select: Select, word: str, token: str, outer: Select | None) -> Select:
        before = self._peek(-2).upper()
        if word == "SELECT" and (select.names or select.part != "SELECT") and before in {*COMPOUND, "ALL"}:
            return self._begin(outer)
        if word == "SELECT" and before == ")":  # after WITH ... AS (...)
            return select
        if (word == "FROM" and before != "DISTINCT") or word == "JOIN":
            select.part = "FROM"
            self._table(select)
        elif (word == "UPDATE" and before not in ("FOR", "DO", "KEY")) or (
            word == "USING" and select.part == "FROM"
        ):
            self._table(select)
        elif token == "," and select.part in ("FROM", "ON"):
            select.part = "FROM"
            self._table(select)
        elif word in ENDS_FROM or word == "ON":
            select.part = word
        elif select.part in CONDITIONS and (token == "=" or word in ("IN", "IS")):
            self._equalities.append((select, self._at - 1))
        return select

    def _table(self, select: Select) -> None:
        """Take a table's name and alias, unless a bracket or something else stands there."""
        while self._peek().upper() in ("ONLY", "LATERAL"):
            self._at += 1
        name = self._peek().strip('"')
        if not re.fullmatch(r"[A-Za-z_]\w*", name) or self._peek().upper() in WORDS | {"SELECT"}:
            return
        self._at += 1
        if self._peek() == ".":
            name = self._peek(1).strip('"')
            self._at += 2
        if self._peek().upper() == "AS":
            self._at += 1
        alias = name
        if re.fullmatch(r'"?[A-Za-z_]\w*"?', self._peek()) and self._peek().upper() not in WORDS:
            alias = self._peek().strip('"')
            self._at += 1
        select.names[alias] = Alias(name)

    def _column(self, select: Select, end: int) -> tuple[Alias, str] | None:
        """The column whose last token stands at this place."""
        tokens = self._tokens
        name = tokens[end].strip('"')
        if end >= 2 and tokens[end - 1] == ".":
            alias = select.find(tokens[end - 2].strip('"'))
            return (alias, name) if alias else None
        if re.fullmatch(r"[A-Za-z_]\w*", name) and len(select.own) == 1 and name.upper() not in WORDS:
            return select.own[0], name
        return None

    def _compare(self, select: Select, at: int) -> None:
        """Note what stands on both sides of = or IN."""
        left = self._column(select, at - 1)
        tokens = self._tokens
        if tokens[at].upper() == "IS":
            if left and at + 1 < len(tokens) and tokens[at + 1].upper() == "NULL":
                left[0].valued.add(left[1])
            return
        right = None
        if at + 3 < len(tokens) and tokens[at + 2] == ".":
            right = self._column(select, at + 3)
        if left and right:
            left[0].equal.append((left[1], right[0], right[1]))
            right[0].equal.append((right[1], left[0], left[1]))
        elif left and [token.upper() for token in tokens[at : at + 3]] == ["IN", "(", "SELECT"]:
            left[0].chosen.add(left[1])
            left[0].valued.add(left[1])
        elif left and not (at + 2 < len(tokens) and tokens[at + 2] == "."):
            left[0].valued.add(left[1])
        elif right:
            right[0].valued.add(right[1])
