"""The demonstration's RPJMD: whole, served by most innovations, with some holes and orphans left to be found."""

from praja.foundation.documents.blocks import Missing, Table
from praja.stages.targets.blocks import alignment_blocks, target_blocks
from praja.stages.targets.figures import holes, orphans, target_figures


def test_the_demonstration_has_a_whole_rpjmd_with_some_orphans_and_holes(demonstration_plan):
    plan = demonstration_plan
    figures = target_figures(plan)
    assert (figures.missions, figures.goals, figures.targets, figures.flagships) == (5, 8, 18, 8)
    assert figures.measured == figures.indicators == 29
    innovations = plan.innovations.handed_in()
    assert 0 < orphans(innovations).count() < innovations.count() / 4
    assert [target.number for target in holes(plan)] == ["1.2.2", "2.2.4"]
    for blocks in (target_blocks(plan), alignment_blocks(plan)):
        assert not [block for block in blocks if isinstance(block, Missing)]
        assert all(block.source for block in blocks if isinstance(block, Table))
