"""Gives the demonstration a pair that was kept as two, and a row that waits for the word of the receiving agency."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from praja.across.joining.alike import compared_text
from praja.across.joining.kinds import BY_NAME
from praja.across.joining.models import Consent, KeptApart, Transfer
from praja.foundation.accounts.models import Organisation

Moment = Callable[[int, int], datetime.datetime]


def fill(
    content: dict[str, Any], rows: Mapping[str, Any], agencies: Mapping[str, Organisation], *, by: Any, moment: Moment
) -> None:
    """Everything that praja/data/demo/joining.toml says; rows and agencies by their keys there, `moment` so many days ago."""
    for number, line in enumerate(content["kept"]):
        first, second = sorted((rows[key] for key in line["rows"]), key=lambda row: row.pk)
        KeptApart.objects.create(
            plan=first.plan,
            organisation_path=first.plan.organisation_path,
            kind=line["kind"],
            first_id=first.pk,
            second_id=second.pk,
            first_version=first.version,
            second_version=second.version,
            first_text=compared_text(BY_NAME[line["kind"]], first),
            second_text=compared_text(BY_NAME[line["kind"]], second),
            reason=line["reason"],
            created_by=by,
            created_at=moment(line["days"], number),
        )
    for number, line in enumerate(content["transfer"]):
        row, at = rows[line["row"]], moment(line["days"], number)
        transfer = Transfer.objects.create(
            plan=row.plan,
            organisation_path=row.plan.organisation_path,
            what=Transfer.What.MOVE,
            kind=line["kind"],
            row_id=row.pk,
            title=row.title,
            giving=row.organisation,
            receiving=agencies[line["to"]],
            reason=line["reason"],
            created_by=by,
            created_at=at,
        )
        Consent.objects.create(
            transfer=transfer,
            organisation=row.organisation,
            agrees=True,
            manner=Consent.Manner.MEETING,
            note=line["agreed"],
            created_by=by,
            created_at=at,
        )
