"""Whether `local_km` says what was meant: somebody sleeps at home, and nobody does so far away."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.language import tr
from cadreplan.rules.base import Found, rule

_FAR_KM = 150
"""Two hours by car, one way: hardly anybody goes so far every day."""


@rule("local-nobody", "warning", "local_km is given, but nobody lives so near a site")
def local_nobody(document: RosterDocument) -> Iterator[Found]:
    """The policy has `local_km`, but no leader is known to live within it of a site where sessions are held.

    Distances are known where the site has a location, and the leader or the leader's branch. A number that
    is too small, or locations that are missing or far off, leave everybody in need of a bed.

    Wrong:

        branches:
          - {id: HQ, location: [39.92, 116.46]}
        sites:
          - {id: BJ, kind: party-school}
        policy: {local_km: 30}

    Right:

        branches:
          - {id: HQ, location: [39.92, 116.46]}
        sites:
          - {id: BJ, kind: party-school, location: [39.9, 116.41]}
        policy: {local_km: 30}
    """
    near, held = document.nearness, sorted({delivery.site for delivery in document.deliveries})
    leaders = [leader for _, leader in document.leaders.valid()]
    if near.most <= 0 or not held or not leaders or any(near.people(site) for site in held):
        return
    known = ((km, leader.id, site) for leader in leaders for site in held if (km := near.km(leader, site)))
    nearest = min(known, default=None)
    if nearest is None:
        hint = tr("give `location` to sites, and to leaders or their branches")
    else:
        km, leader, site = nearest
        hint = tr(
            "the nearest, {leader}, lives {km:,.1f} km from {site}",
            leader=shown(leader),
            km=km,
            site=shown(site),
        )
    message = tr("local_km: found {most}, but nobody is known to live so near a site", most=near.most)
    yield Found(document.file, document.mark("policy", "local_km"), message, hint)


@rule("local-far", "warning", "local_km is farther than one goes home every day")
def local_far(document: RosterDocument) -> Iterator[Found]:
    """The policy's `local_km` is above 150 km.

    Leaders within it take no beds and travel there and back every day. Kilometres are counted one way, as the
    crow flies; a number of thousands is mostly one of metres.

    Wrong:

        branches:
          - {id: HQ, location: [39.92, 116.46]}
        policy: {local_km: 30000}

    Right:

        branches:
          - {id: HQ, location: [39.92, 116.46]}
        policy: {local_km: 30}
    """
    most = document.nearness.most
    if most > _FAR_KM:
        message = tr("local_km: found {most:,}, expected {far} at most", most=most, far=_FAR_KM)
        hint = tr("give kilometres one way, up to which leaders go home every day")
        yield Found(document.file, document.mark("policy", "local_km"), message, hint)


ROSTER_RULES = (local_nobody, local_far)
