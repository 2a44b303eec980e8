"""Tests of programmes: rules, model, reasons."""
