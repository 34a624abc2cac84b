"""Lines of JSON in, lines of JSON out: the questions that `manage.py sla_explain --json-lines` answers.

Pure: no Django, no database. Business-time questions go to `sla.vector_lines`, whole cases to `escalations.policy_lines`.
"""

import json
from collections.abc import Mapping

from escalations.policy_lines import answer_policy
from sla.vector_lines import DocumentError, answer_business_time

_ANSWERS = {"business-time": answer_business_time, "policy": answer_policy}


def answer_line(line: bytes) -> dict:
    """The answer to one line; a document that makes no sense is answered {"error": …}. Never raises."""
    try:
        return _answer(json.loads(line))
    except (ValueError, OverflowError, RecursionError) as error:
        return {"error": str(error) or type(error).__name__}
    except Exception as error:  # whatever one line provokes, the next one is still read
        return {"error": f"{type(error).__name__}: {error}"}


def _answer(document: object) -> dict:
    if not isinstance(document, Mapping):
        raise DocumentError("a line must be a JSON object")
    answer = _ANSWERS.get(str(document.get("kind")))
    if answer is None:
        raise DocumentError(f"unknown kind {document.get('kind')!r}; known: {', '.join(sorted(_ANSWERS))}")
    return answer(document)
