"""The families that are drawn from shapes. docs/families.md tells what each is like."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.families.shape import Shape

NATIONAL = Shape(
    weeks=(30, 30),
    depth=(2, 2),
    outlet=(19, 33),
    away=(2, 3),
    away_above=(0.07, 0.07),
    chain=1,
    chained=(0.2, 0.25),
    candidates=(0.33, 0.33),
    regional=(0.4, 0.4),
    beds=(0.25, 0.35),
    beds_of_peak=(0.6, 0.9),
    min_methods=2,
)
"""Outlets of about 25, two or three of them away at once, 7 % above; a third of the sessions candidates."""

NATIONAL_FULL = replace(
    NATIONAL,
    offerings=(12, 12),
    offering_sites=(3, 3),
    rooms=(1.0, 1.0),
    rooms_more=(1, 3),
    lecturers=(100, 120),
)
"""The same with rooms everywhere, lecturers, and over a thousand candidates of offerings on top."""

PROVINCE = Shape(
    weeks=(18, 30),
    depth=(3, 3),
    country=False,
    outlet=(6, 10),
    away=(1, 1),
    away_above=(0.12, 0.2),
    chain=3,
    chained=(0.5, 0.65),
    module_hours=(8, 8, 16, 24),
    completed=(0, 1, 2),
    longest=3,
    candidates=(0.1, 0.3),
    quotas=(0.7, 0.95),
    quota_each=(0.1, 0.35),
    sites=(3, 6),
    beds=(0.3, 0.6),
    beds_of_peak=(0.7, 0.95),
    max_sessions=5,
    max_days=14,
    max_trips=4,
)
"""Outlets of eight with one absence a day, quotas by city on most sessions, chains of prerequisites."""

FACTORIES = Shape(
    weeks=(8, 16),
    depth=(1, 2),
    outlet=(60, 500),
    away=(3, 6),
    away_share=(0.1, 0.2),
    skills=(24, 32),
    modules=(32, 44),
    module_hours=(4, 8, 8, 8, 16),
    needs=(12, 18),
    shifts=(2, 4),
    absences=(0, 0, 0, 1),
    seats=(6, 60),
    candidates=(0.4, 0.65),
    costs=(500, 2000, 5000),
    sites=(4, 8),
    rooms=(1.0, 1.0),
    rooms_more=(0, 1),
    max_sessions=10,
    max_days=None,
    max_trips=None,
    transfer_days=0,
    stay_gap=0,
)
"""Works of up to 500 people in shifts, scarce rooms, up to ten short courses each, many candidates."""

YEAR = Shape(
    weeks=(50, 52),
    depth=(4, 5),
    outlet=(5, 12),
    away=(1, 2),
    away_above=(0.08, 0.15),
    skills=(20, 28),
    modules=(16, 24),
    teaches=(2, 3, 3, 4, 5),
    module_hours=(40, 40, 48, 64, 80),
    chain=1,
    chained=(0.2, 0.4),
    needs=(8, 12),
    seats=(5, 24),
    longest=10,
    candidates=(0.0, 0.2),
    branch_audience=(0.1, 0.3),
    sites=(4, 8),
    beds=(0.6, 1.0),
    beds_of_peak=(0.7, 1.0),
    absences=(0, 1, 2, 3),
    max_sessions=3,
    max_days=24,
    max_trips=2,
    core_share="1/2",
    min_methods=2,
    min_hours=80,
)
"""A year of courses of one to two weeks with few seats, a deep tree of branches, standards, hours wanted."""

MONTH = Shape(
    weeks=(4, 5),
    depth=(1, 2),
    outlet=(10, 60),
    away=(2, 6),
    module_hours=(4, 8, 8),
    seats=(5, 12),
    longest=1,
    second_module=(0.1, 0.3),
    several=(0.2, 0.4),
    wishes=(0.6, 0.9),
    own_limits=(0.1, 0.3),
    quotas=(0.0, 0.2),
    sites=(3, 10),
    rooms=(0.0, 0.4),
    max_sessions=3,
    max_days=4,
    max_trips=3,
    transfer_days=0,
    stay_gap=1,
)
"""A month of single days with 5 to 12 seats, rows that stand for several people, wishes of most."""

OPEN = Shape(
    weeks=(16, 20),
    depth=(2, 3),
    outlet=(10, 60),
    away=(2, 4),
    away_above=(0.08, 0.16),
    roles=(6, 10),
    seats=(8, 60),
    offered=(6.0, 9.0),
    offering_sites=(2, 4),
    max_runs=(4, 8, 12, None),
    role_audience=(0.5, 0.8),
    sites=(5, 9),
    rooms=(0.5, 0.9),
    rooms_more=(2, 4),
    beds=(0.0, 0.4),
    beds_of_peak=(1.5, 3.0),
    min_methods=2,
)
"""Nothing is settled: every session is a candidate of an offering, most of them for some roles only."""

MIXED = Shape(
    weeks=(6, 40),
    depth=(1, 5),
    outlet=(5, 500),
    away=(1, 5),
    away_share=(0.02, 0.25),
    away_above=(0.06, 0.3),
    skills=(12, 28),
    modules=(18, 36),
    module_hours=(4, 8, 16, 24, 40, 56),
    chain=2,
    chained=(0.0, 0.5),
    roles=(3, 9),
    needs=(6, 12),
    several=(0.0, 0.3),
    wishes=(0.0, 0.8),
    own_limits=(0.0, 0.3),
    tightness=(0.6, 1.3),
    seats=(5, 60),
    longest=7,
    candidates=(0.0, 0.8),
    offerings=(0, 6),
    offering_sites=(1, 4),
    max_runs=(1, 2, 3, None),
    quotas=(0.0, 0.8),
    branch_audience=(0.0, 0.5),
    role_audience=(0.0, 0.5),
    sites=(3, 10),
    regional=(0.0, 0.5),
    beds=(0.0, 0.8),
    beds_of_peak=(0.6, 1.2),
    rooms=(0.0, 0.7),
    rooms_more=(0, 3),
    max_sessions=5,
    max_days=20,
    max_trips=4,
    core_share="1/4",
    min_methods=2,
)
"""Everything at once, drawn from the widest ranges."""
