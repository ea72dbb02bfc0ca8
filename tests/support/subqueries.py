"""Subqueries of captured SQL statements, for the rule that those about a person name the person by value.

Where tables are spread by person, a subquery that takes the person from the statement around is, in a select list or below
OR, asked of every part (docs/decisions/0058).
"""

import re

TOKEN = re.compile(r"'(?:[^']|'')*'|\(|\)|[^()']+")
TABLES = re.compile(r'(?:FROM|JOIN) "(\w+)"')
NAMES_PERSON = re.compile(r""""person_id" (?:= \(?[\d$]|IN \(\d|= ANY\((?:'\{\d|\$))""")

# A list as SQLite is given it.
GIVEN_LIST = re.compile(r"IN \(SELECT value FROM JSON_EACH\('\[\d[^']*'\)\)")


def subqueries_of(sql: str) -> list[str]:
    """The SELECTs in parentheses, each without those within it."""
    levels, found = [""], []
    for token in TOKEN.findall(sql):
        if token == "(":
            levels.append("")
        elif token == ")":
            inside = levels.pop()
            is_select = inside.lstrip().startswith("SELECT")
            if is_select:
                found.append(inside)
            # What is in other parentheses belongs to the level around, such as values and conditions.
            levels[-1] += "()" if is_select else f"({inside})"
        else:
            levels[-1] += token
    return found


def without_person(sql: str, owned: set[str]) -> list[str]:
    """The subqueries of these tables that do not name the person."""
    sql = GIVEN_LIST.sub("IN (1)", sql)
    return [one for one in subqueries_of(sql) if owned & set(TABLES.findall(one)) and not NAMES_PERSON.search(one)]
