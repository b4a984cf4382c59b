"""Sets an SVG picture, such as the poster, on one page as PDF, in a process of its own: its memory returns when it ends."""

import datetime
import json
import sys

from praja.foundation.documents.typesetting import typeset

PAGE = """
#let told = json("told.json")
#set document(title: told.title, date: datetime(year: told.day.at(0), month: told.day.at(1), day: told.day.at(2)))
#let (width, height) = told.size.map(length => length * 1mm)
#set page(width: width, height: height, margin: 0mm)
#set text(lang: told.language)
#image("page.svg", width: width, height: height, alt: told.title)
"""


def main() -> None:
    """Read SVG, title, language, day and size as JSON from the standard input and write the PDF to the standard output."""
    told = json.load(sys.stdin)
    day = datetime.date.fromisoformat(told["day"])
    svg = told.pop("svg")
    told["day"] = [day.year, day.month, day.day]
    files = {"main": PAGE.encode(), "page.svg": svg.encode(), "told.json": json.dumps(told).encode()}
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    sys.stdout.buffer.write(typeset(files, format="pdf", timestamp=int(moment.timestamp())))


if __name__ == "__main__":
    main()
