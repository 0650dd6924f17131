"""From the syntax tree to the graph: resolve, bind, expand."""
