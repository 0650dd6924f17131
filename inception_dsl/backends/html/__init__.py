"""A network as one interactive page: the figure, and the spec beside it."""

from inception_dsl.backends.html.page import page

__all__ = ["page"]
