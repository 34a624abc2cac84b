"""What somebody typed into a form that could not be taken (signed out, protection ran out): shown again, so that no word is lost."""

from urllib.parse import urlsplit

SECRET_NAMES = ("password", "csrfmiddlewaretoken", "code", "key", "oldpassword", "password1", "password2")
LONGEST = 20_000
MOST = 40


def typed_text(data):
    """The texts of a submitted form worth copying, in order: no secrets, nothing as short as a choice."""
    texts = [text for name in data for text in data.getlist(name) if name not in SECRET_NAMES]
    return [text[:LONGEST] for text in texts if len(text.strip()) > 20 or "\n" in text.strip()][:MOST]


def page_of_form(request):
    """The page a form stood on, as a path of ours: told by the browser, else the address the form was sent to."""
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc == request.get_host() and referer.path.startswith("/") and not referer.path.startswith("//"):
        return f"{referer.path}?{referer.query}" if referer.query else referer.path
    return request.path
