"""Published vision models behind the ports of the checks: any picture, weights by name."""
