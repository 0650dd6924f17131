"""Specs in one form: what differs between two layouts of the same words is gone."""

from inception_dsl.format.format import formatted

__all__ = ["formatted"]
