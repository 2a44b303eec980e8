"""Who lives so near a site that they sleep at home, as far as a roster as it is written tells."""

from __future__ import annotations

from functools import cached_property

from cadreplan.distance import one_way_km
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.tables import BranchSpec, LeaderSpec, SiteSpec

_Place = tuple[float, float]


class Nearness:
    """Distances between leaders and sites; `most` is the policy's `local_km`, 0 where nobody is local."""

    def __init__(
        self,
        most: int,
        sites: Table[SiteSpec],
        branches: Table[BranchSpec],
        leaders: Table[LeaderSpec],
    ) -> None:
        self.most = most
        self._leaders = leaders
        self._sites = {site.id: site.location for _, site in sites.valid()}
        self._branches = {branch.id: branch.location for _, branch in branches.valid()}
        self._known: dict[tuple[_Place | None, str], float | None] = {}

    def km(self, leader: LeaderSpec, site: str) -> float | None:
        """One way from home, which is the branch where the leader has no location; None: not known."""
        key = (leader.location or self._branches.get(leader.branch), site)
        if key not in self._known:
            self._known[key] = one_way_km(key[0], self._sites.get(site))
        return self._known[key]

    def is_local(self, leader: LeaderSpec, site: str) -> bool:
        """Whether a leader sleeps at home when at a site."""
        if self.most <= 0:
            return False
        km = self.km(leader, site)
        return km is not None and km <= self.most

    def people(self, site: str) -> int:
        """How many people sleep at home when at a site, at most."""
        return self._people.get(site, 0)

    @cached_property
    def _people(self) -> dict[str, int]:
        found = dict.fromkeys(self._sites, 0)
        for _, leader in self._leaders.valid() if self.most > 0 else ():
            for site in found:
                if self.is_local(leader, site):
                    found[site] += leader.headcount
        return found
