"""The graph and what it is made of; imports no back end and no syntax."""
