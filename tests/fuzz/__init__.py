"""Random input for the compiler: valid specs, broken ones, and campaigns that run them."""
