"""From a checked graph to what leaves the compiler: source, models, figures, tables."""
