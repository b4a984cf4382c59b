"""A small RPJMD for tests."""

from praja.foundation.plans.models import Indicator, IndicatorTarget
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Target


def tree(country):
    """The RPJMD of Kabupaten Uji, 2025 to 2029: two missions, a goal each, the first with two targets, and a flagship.

    Answers the two targets; the first has an indicator, the dimension living and Dinas Kesehatan.
    """
    plan = DevelopmentPlan.objects.create(
        plan=country.plan, title="RPJMD Kabupaten Uji 2025–2029", year_from=2025, year_to=2029, vision="Uji yang sehat"
    )
    healthy = DevelopmentMission.objects.create(development_plan=plan, number="1", text="Warga yang sehat")
    DevelopmentMission.objects.create(development_plan=plan, number="2", text="Jalan yang mulus", order=1)
    goal = Goal.objects.create(mission=healthy, number="1.1", text="Meningkatnya derajat kesehatan")
    first = Target.objects.create(plan=country.plan, goal=goal, number="1.1.1", text="Menurunnya stunting")
    second = Target.objects.create(plan=country.plan, goal=goal, number="1.1.2", text="Bertambahnya usia", order=1)
    first.dimensions.set([country.dimension()])
    first.agencies.set([country.health])
    line = Indicator.objects.create(
        target=first, name="Prevalensi stunting", unit="persen", baseline="21.5", baseline_year=2024
    )
    IndicatorTarget.objects.create(indicator=line, year=2025, value="19.25")
    flagship = Flagship.objects.create(development_plan=plan, number="1", text="Satu Desa Satu Perawat")
    flagship.targets.set([first])
    return first, second
