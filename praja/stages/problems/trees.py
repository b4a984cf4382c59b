"""Trees of causes drawn: the problem at the left, each cause behind the one that it explains; for pages and for books."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.documents.blocks import AnyBlock, Bullets, Chart, Column, Heading, Missing, Paragraph, Table
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.ui.charts import FONT, WIDTH, text_width
from praja.foundation.ui.palette import INK, QUIET, RULE, colour_of
from praja.stages.problems.blocks import cause_tree, word
from praja.stages.problems.figures import printed
from praja.stages.problems.models import Cause, Problem

MOST_COLUMNS = 5  # the problem and four whys
BETWEEN = 24.0  # columns
APART = 8.0  # boxes
PADDING = 7.0
SIZE, LINE = 11.0, 14.0
SMALL = 9.5
TALLEST = 880.0  # what fits on a page of a book, with its caption
BELOW_A_TITLE = 690.0  # what fits there below the title of an appendix
MOST_LEAVES = 24  # of one cause with very many behind it, in a book


@dataclass(frozen=True)
class Node:
    """A problem or a cause with what lies behind it; `kind` is the word for the kind of cause."""

    text: str
    kind: str = ""
    children: tuple["Node", ...] = ()

    def leaves(self) -> int:
        """How many ends the tree has."""
        return sum(child.leaves() for child in self.children) or 1

    def depth(self) -> int:
        """How many columns the tree takes."""
        return 1 + max((child.depth() for child in self.children), default=0)


def tree_of(problem: Problem, causes: Iterable[Cause]) -> Node:
    """The tree of a problem; a cause whose parent is gone hangs at the problem, and none is lost.

    What lies deeper than the picture has columns stands below its neighbour in the last one.
    """
    every = list(causes)
    known = {cause.pk for cause in every}
    below: dict[int | None, list[Cause]] = defaultdict(list)
    for cause in every:
        below[cause.parent_id if cause.parent_id in known else None].append(cause)
    seen: set[int] = set()

    def deeper(cause: Cause) -> Iterator[Cause]:
        """Everything behind a cause, as one reads it."""
        waiting = list(reversed(below[cause.pk]))
        while waiting:
            one = waiting.pop()
            if one.pk not in seen:
                seen.add(one.pk)
                yield one
                waiting += reversed(below[one.pk])

    def nodes(causes: Iterable[Cause], column: int) -> Iterator[Node]:
        for cause in causes:
            if cause.pk in seen:
                continue
            seen.add(cause.pk)
            if column + 1 < MOST_COLUMNS:
                yield Node(cause.text, word(Cause.Kind, cause.kind), tuple(nodes(below[cause.pk], column + 1)))
                continue
            yield Node(cause.text, word(Cause.Kind, cause.kind))
            for one in deeper(cause):
                yield Node(one.text, word(Cause.Kind, one.kind))

    children = [*nodes(below[None], 1), *nodes(every, 1)]  # the second part only for causes that point at each other
    return Node(problem.title, "", tuple(children))


def lines_of(tree: Node) -> list[tuple[int, Node]]:
    """What lies behind the root as lines with their depth, as one reads the tree."""
    lines: list[tuple[int, Node]] = []
    waiting = [(0, child) for child in reversed(tree.children)]
    while waiting:
        depth, node = waiting.pop()
        lines.append((depth, node))
        waiting += [(depth + 1, child) for child in reversed(node.children)]
    return lines


# --- drawing ----------------------------------------------------------------------------------------------------------


@dataclass
class _Box:
    node: Node
    lines: list[str]
    height: float
    room: float  # of the box or of all that lies behind it
    children: list["_Box"]


def draw(trees: Sequence[Node], *, title: str, dimension: str = "", columns: int = 0) -> str:
    """Trees below each other as the text of an SVG; `dimension`: the key whose colour the problems carry.

    `columns`: how many there are at least, so that several pictures look alike.
    """
    columns = max(columns, columns_of(trees))
    width = (WIDTH - BETWEEN * (columns - 1)) / columns
    parts: list[str] = []
    y = 2.0
    for tree in trees:
        box = _measured(tree, width)
        parts += _drawn(box, 0.5, y, width, colour_of(dimension))
        y += box.room + 18
    height = max(y - 14, 10)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart cause-tree" role="img" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" font-family={quoteattr(FONT)}><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def height_of(tree: Node, columns: int) -> float:
    """How many units a tree takes in a picture of so many columns."""
    return _measured(tree, (WIDTH - BETWEEN * (columns - 1)) / columns).room


def _measured(node: Node, width: float) -> _Box:
    children = [_measured(child, width) for child in node.children]
    lines = wrapped(node.text, width - 2 * PADDING - 3, SIZE * (1 if node.kind else 1.08))  # a problem stands in bold
    height = 2 * PADDING + len(lines) * LINE + (12 if node.kind else 0)
    below = sum(child.room for child in children) + APART * max(len(children) - 1, 0)
    return _Box(node, lines, height, max(height, below), children)


def _drawn(box: _Box, x: float, y: float, width: float, colour: str) -> Iterator[str]:
    """The box in the middle of its room, then what lies behind it with the lines that lead there."""
    is_root = not box.node.kind and x < 1
    top = y + (box.room - box.height) / 2
    fill, stroke, ink = (colour, colour, "#FFFFFF") if is_root else ("#FFFFFF", RULE, INK)
    yield (
        f'<rect class="tree-box" x="{x:.1f}" y="{top:.1f}" width="{width - 1:.1f}" height="{box.height:.1f}" rx="4" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1"/>'
    )
    baseline = top + PADDING + SIZE
    for line in box.lines:
        yield _text(x + PADDING, baseline, line, fill=ink, size=SIZE, weight=600 if is_root else 400)
        baseline += LINE
    if box.node.kind:
        yield _text(x + PADDING, baseline - 1, box.node.kind, fill=QUIET, size=SMALL)
    start, middle = x + width - 1, x + width + BETWEEN / 2
    for child in box.children:
        at, mine = y + child.room / 2, top + box.height / 2
        yield f'<path d="M{start:.1f} {mine:.1f}H{middle:.1f}V{at:.1f}H{x + width + BETWEEN:.1f}" fill="none" stroke="{RULE}" stroke-width="1.2"/>'
        yield from _drawn(child, x + width + BETWEEN, y, width, colour)
        y += child.room + APART


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The whole text in lines of at most `width` units; a word that is too long is broken."""
    lines = [""]
    for one in text.split():
        rest = one
        while rest:
            longer = f"{lines[-1]} {rest}".strip()
            if text_width(longer, size) <= width:
                lines[-1], rest = longer, ""
            elif lines[-1]:
                lines.append("")
            else:
                fits = next((n for n in range(len(rest), 1, -1) if text_width(rest[:n], size) <= width), 1)
                lines[-1], rest = rest[:fits], rest[fits:]
                if rest:
                    lines.append("")
    return lines


def _text(x: float, y: float, text: str, *, fill: str, size: float, weight: int = 400) -> str:
    return (
        f'<text class="chart-text" x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size:g}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )


# --- for books --------------------------------------------------------------------------------------------------------


def tree_blocks(plan: Plan) -> list[AnyBlock]:
    """The trees of the accepted problems by dimension, in pictures that fit on a page; constant queries."""
    causes = Cause.objects.filter(withdrawn_at=None)
    rows = printed(plan).select_related("dimension").prefetch_related(Prefetch("causes", causes))
    problems = sorted(rows.order_by("dimension__order", "title", "pk"), key=lambda problem: -(problem.priority or 0))
    if not problems:
        return [Missing(_("No problem has been accepted yet."))]
    blocks: list[AnyBlock] = []
    dimensions = {problem.dimension_id: problem.dimension for problem in problems if problem.dimension}
    for place, dimension in enumerate(sorted(dimensions.values(), key=lambda one: one.order)):
        own = [problem for problem in problems if problem.dimension_id == dimension.pk]
        explained = [problem for problem in own if problem.causes.all()]
        blocks.append(Heading(3, dimension.name))
        if explained:
            count = sum(len(problem.causes.all()) for problem in explained)
            blocks.append(Paragraph(_lead(len(explained), count)))
            blocks += _charts(dimension, explained, BELOW_A_TITLE if place == 0 else TALLEST)
        if silent := [problem.title for problem in own if not problem.causes.all()]:
            blocks += [Paragraph(_("For these problems no cause was named:")), Bullets(silent)]
    return blocks


def _lead(problems: int, causes: int) -> str:
    first = ngettext("%(count)d problem is explained here", "%(count)d problems are explained here", problems)
    second = ngettext("by %(count)d cause.", "by %(count)d causes.", causes)
    return f"{first % {'count': problems}} {second % {'count': causes}}"


def _charts(dimension: Dimension, problems: Sequence[Problem], first: float) -> Iterator[Chart]:
    """The pictures of one dimension, all with columns of the same width."""
    trees = [tree_of(problem, problem.causes.all()) for problem in problems]
    pictures, columns = packed(trees, first), columns_of(trees)
    for place, shown in enumerate(pictures, start=1):
        caption = _("Tree of causes: problems of %(dimension)s") % {"dimension": dimension}
        if len(pictures) > 1:
            caption += " " + _("(%(place)d of %(total)d)") % {"place": place, "total": len(pictures)}
        titles = dict.fromkeys(tree.text for tree in shown)
        rows = [(problem.title, cause_tree(problem.causes.all())) for problem in problems if problem.title in titles]
        alt = _("The problems stand at the left, their causes to the right of them: %(problems)s.")
        yield Chart(
            caption,
            draw(shown, title=caption, dimension=dimension.key, columns=columns),
            alt=alt % {"problems": "; ".join(titles)},
            source=_("causes that agencies named for accepted problems"),
            data=Table(caption, [Column(_("Problem"), 2), Column(_("Causes"), 4)], rows),
            key=f"pohon-penyebab-{dimension.key}-{place}",
        )


def columns_of(trees: Sequence[Node]) -> int:
    """How many columns the deepest of the trees takes."""
    return max((tree.depth() for tree in trees), default=1)


def packed(trees: Sequence[Node], first: float = TALLEST) -> list[list[Node]]:
    """The trees in as few pictures as fit on a page each, about equally full; one that is too tall goes on in the next.

    `first`: how tall the first picture may be.
    """
    columns = columns_of(trees)
    parts = [(part, height_of(part, columns) + 18) for tree in trees for part in _parts(tree, columns)]
    pictures = _filled(parts, first, TALLEST)
    for limit in range(int(first) // 2, int(TALLEST), 20):
        fuller = _filled(parts, min(first, limit), limit)
        if len(fuller) == len(pictures):
            return fuller
    return pictures


def _filled(parts: Sequence[tuple[Node, float]], first: float, others: float) -> list[list[Node]]:
    pictures: list[list[Node]] = []
    room = 0.0
    for part, height in parts:
        if not pictures or room + height > (first if len(pictures) == 1 else others):
            pictures.append([])
            room = 0.0
        pictures[-1].append(part)
        room += height
    return pictures


def _parts(tree: Node, columns: int) -> Iterator[Node]:
    """A tree, or as many with the same problem as are needed for each to fit."""
    held: list[Node] = []
    for child in (_trimmed(child, MOST_LEAVES)[0] for child in tree.children):
        if held and height_of(Node(tree.text, "", (*held, child)), columns) > TALLEST - 20:
            yield Node(tree.text, "", tuple(held))
            held = []
        held.append(child)
    yield Node(tree.text, "", tuple(held))


def _trimmed(node: Node, most: int) -> tuple[Node, int]:
    """A tree of at most about `most` ends, with a word about the rest; and how many it has now."""
    if node.leaves() <= most:
        return node, node.leaves()
    kept: list[Node] = []
    left = most
    for place, child in enumerate(node.children):
        if left <= 0:
            more = sum(one.leaves() for one in node.children[place:])
            words = ngettext("… and %(count)d more cause", "… and %(count)d more causes", more) % {"count": more}
            kept.append(Node(words, " "))
            break
        shorter, used = _trimmed(child, left)
        kept.append(shorter)
        left -= used
    return Node(node.text, node.kind, tuple(kept)), most - left
