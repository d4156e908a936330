"""The browser and the system of a User-Agent, by names of ours.

The header is what a stranger wrote: none of its text may appear in a letter of ours.
"""

from typing import Final

# In this order: most browsers also name those that they are compatible with.
BROWSERS: Final = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS: Final = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def program_name(user_agent: str | None) -> str | None:
    """Such as "Firefox on Windows"; None when neither is known."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser is None:
        return f"a program on {system}" if system is not None else None
    return f"{browser} on {system}" if system is not None else browser


def _first(names: dict[str, str], user_agent: str | None) -> str | None:
    return next((name for mark, name in names.items() if mark in (user_agent or "")), None)
