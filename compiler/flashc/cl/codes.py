"""Our own diagnostic codes for CL sources, each with one plain sentence.

Where the platform's id of a compile-time problem is known (CPDnnnn) that id is used instead; those
are listed here too when a sentence of ours explains them.  docs/platform-facts.md#cl-diagnostics
"""

from __future__ import annotations

OWN: dict[str, str] = {
    # text and tokens
    "CL0001": "the file cannot be read as a CL source",
    "CL0002": "more problems than are shown",
    "CL0003": "the source cannot be laid out without changing it",
    "CL0101": "a character string is not closed",
    "CL0102": "a parenthesis is not closed",
    "CL0103": "a closing parenthesis has no opening one",
    "CL0104": "a comment is not closed",
    "CL0105": "a hexadecimal literal is wrong",
    "CL0106": "parentheses or commands are nested too deeply",
    "CL0107": "a character that cannot stand here",
    "CL0108": "a statement is longer than 32702 characters",
    "CL0109": "an expression has too many operations",
    "CL0110": "an operator is not one of CL",
    "CL0111": "an operand is missing",
    "CL0112": "a continuation sign is followed by nothing",
    "CL0113": "a command is missing",
    "CL0114": "a character string is longer than 5000 characters",
    # names and parameters
    "CL0201": "a name is too long or has a character that names cannot have",
    "CL0202": "the command is not in the catalogue",
    "CL0203": "a required parameter is missing",
    "CL0204": "a parameter is written twice",
    "CL0205": "a positional value stands after a keyword",
    "CL0206": "more positional values than the command takes",
    "CL0207": "a value is not one of those the parameter accepts",
    "CL0208": "a number is outside the range of the parameter",
    "CL0209": "more values than the parameter takes",
    "CL0210": "a CL variable or an expression is not allowed in this parameter",
    "CL0211": "a message identifier has a wrong form",
    "CL0212": "a value breaks a relation between parameters of the command",
    "CL0213": "fewer values than the parameter needs",
    "CL0214": "a value is not of the parameter's type",
    "CL0215": "a blank stands between a keyword and its parenthesis",
    "CL0216": "the parameter is not in this release",
    "CL0217": "a command definition statement is wrong",
    # program structure
    "CL0301": "PGM or ENDPGM is misplaced",
    "CL0302": "a declaration stands after the first executable command",
    "CL0303": "a variable is declared twice",
    "CL0304": "a label is defined twice",
    "CL0305": "a label is not defined",
    "CL0306": "a group is not closed",
    "CL0307": "a closing command has no open group",
    "CL0308": "ELSE does not follow an IF",
    "CL0309": "a MONMSG is misplaced",
    "CL0310": "a MONMSG at program level may only have EXEC(GOTO label)",
    "CL0311": "LEAVE or ITERATE stands outside a loop",
    "CL0312": "a subroutine is not defined",
    "CL0313": "a subroutine is defined twice",
    "CL0314": "a GOTO leads into or out of a subroutine",
    "CL0315": "groups are nested too deeply",
    "CL0316": "the order inside SELECT is wrong",
    "CL0317": "a command cannot stand in this parameter",
    "CL0318": "a subroutine is misplaced",
    "CL0319": "too many MONMSG commands or message identifiers",
    "CL0320": "no MONMSG of a command catches the prefix of its escapes",
    # types
    "CL0401": "the types of an expression do not fit",
    "CL0402": "the declared length is not possible for the type",
    "CL0403": "the initial value does not fit the declared type",
    "CL0404": "a built-in function is not known",
    "CL0405": "a built-in function has a wrong number of arguments",
    "CL0406": "a built-in function is not in this release",
    "CL0407": "the type of a variable does not fit its use",
    "CL0408": "an argument of a built-in function is outside what it takes",
    # help panel groups
    "CL0501": "a tag is not one of a help panel group",
    "CL0502": "a tag has no period at its end",
    "CL0503": "a tag or a text is misplaced",
    "CL0504": "an attribute of a tag is wrong or missing",
    "CL0505": "a tag is not closed, or closes nothing",
    "CL0506": "a help module is there twice or not at all",
    "CL0507": "a title, a description or a help module is missing",
    "CL0508": "an ampersand begins no symbol",
}


def sentence(code: str) -> str:
    """What a code of ours means; an empty text for a code of the platform."""
    return OWN.get(code, "")
