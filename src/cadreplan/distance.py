"""How far apart two places are, for everything but the check, which has a distance of its own."""

from __future__ import annotations

import math

EARTH_RADIUS_KM = 6371.0088

_Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def one_way_km(home: _Place | None, site: _Place | None) -> float | None:
    """Great-circle distance in kilometres by the haversine formula; None where either end is unknown."""
    if home is None or site is None:
        return None
    lat1, lon1, lat2, lon2 = map(math.radians, (*home, *site))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))
