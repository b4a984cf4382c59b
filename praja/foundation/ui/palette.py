"""The colours and shapes that mean the same in lists, charts, maps and books; the style sheet mirrors them.

Every dimension colour keeps 4.5:1 on white, and any two stay apart (a CIE76 distance of 13 or more) for people who see
no red, no green or no blue; a test holds both. Colour never stands alone: a name, a word or a shape goes with it.
"""

INK = "#1B1F24"
QUIET = "#59616B"
RULE = "#C9CED6"
FAINT = "#EEF0F3"
ACCENT = "#1F4E79"

DIMENSION_COLOURS = {
    "governance": "#2A66B8",
    "branding": "#C24488",
    "economy": "#946A00",
    "living": "#9E2F17",
    "society": "#4B2C82",
    "environment": "#00805E",
}

# The colour of the surface and of what is written on it. The states of coverage climb in darkness with what is there;
# none of them is red, because an answer that is not there yet is no fault.
STATE_COLOURS = {
    "delivered": ("#1D5F8A", "#FFFFFF"),
    "partial": ("#BBD9EA", "#12314A"),
    "none": ("#FFFFFF", "#1B1F24"),
    "not_asked": ("#EEF0F3", "#59616B"),
    "draft": ("#EEF0F3", "#3C444D"),
    "submitted": ("#D9E8F5", "#12467A"),
    "returned": ("#FBE9C6", "#6B4700"),
    "accepted": ("#D5EDE1", "#0B5B3C"),
    "frozen": ("#1B1F24", "#FFFFFF"),
}

# The same states without colour: charts draw the shape of this name, pages write the sign.
STATE_SHAPES = {
    "delivered": "full",
    "partial": "half",
    "none": "ring",
    "not_asked": "dash",
    "draft": "ring",
    "submitted": "half",
    "returned": "turn",
    "accepted": "full",
    "frozen": "square",
}

# Risks by likelihood times impact (1 to 9), the value of each standing in its cell: surface and what is written on it.
RISK_COLOURS = {
    "low": ("#D5EDE1", "#0B5B3C"),
    "medium": ("#FBE9C6", "#6B4700"),
    "high": ("#F2C4BA", "#6E1A0B"),
}

# Series without a meaning of their own (years, sources of money): each with the colour of what is written on it, apart
# by darkness, so that they can be told from each other in one colour too.
SERIES_COLOURS = (
    ("#14395C", "#FFFFFF"),
    ("#5B9BC8", "#1B1F24"),
    ("#C5DDED", "#1B1F24"),
    ("#7A5C2E", "#FFFFFF"),
    ("#D9B779", "#1B1F24"),
    ("#F3E4C3", "#1B1F24"),
    ("#6C757F", "#FFFFFF"),
    ("#D5D9DE", "#1B1F24"),
)


def colour_of(key: str, otherwise: str = ACCENT) -> str:
    """Return the colour of a dimension's key as "#RRGGBB", or `otherwise` for a key that has none."""
    return DIMENSION_COLOURS.get(key, otherwise)
